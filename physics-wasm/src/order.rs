//! Sorting in place by one small routine: those of the standard library are five to twenty kilobytes for each type.

/// Puts `values` into the order that `before` says, by heap sort (Williams 1964): no memory, no worst case. Equal values may change places.
#[inline(never)]
pub fn sort<T: Copy>(values: &mut [T], before: impl Fn(&T, &T) -> bool) {
    let (mut root, mut end) = (values.len() / 2, values.len());
    while end > 1 {
        if root > 0 {
            root -= 1;
        } else {
            end -= 1;
            values.swap(0, end);
        }
        let mut at = root;
        loop {
            let mut child = 2 * at + 1;
            if child >= end {
                break;
            }
            if child + 1 < end && before(&values[child], &values[child + 1]) {
                child += 1;
            }
            if !before(&values[at], &values[child]) {
                break;
            }
            values.swap(at, child);
            at = child;
        }
    }
}
