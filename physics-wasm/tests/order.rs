//! The kernel's own sort.

use kernel::order::sort;

#[test]
fn sorts_what_the_standard_library_sorts() {
    let mut state = 7u32;
    for length in (0..40).chain([100, 1000, 4097]) {
        for spread in [1, 3, u32::MAX] {
            let mut values: Vec<u32> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 8) % spread
                })
                .collect();
            let mut expected = values.clone();
            expected.sort_unstable();
            sort(&mut values, |a, b| a < b);
            assert_eq!(values, expected);
        }
    }
}
