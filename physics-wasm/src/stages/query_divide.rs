//! Dividing the bodies of the queries' index in two, along the axis on which they spread most.

use super::query_index::RECORD;
use crate::column::Column;
use crate::wide::Real;

/// Rounds of the search for a median. What it leaves out of order after that costs speed, not answers.
const ROUNDS: usize = 40;

/// Orders the records `start … end` so that those before the middle lie on one side along their longest axis.
pub fn divide(records: &Column<Real>, [start, end, middle]: [usize; 3]) {
    if middle <= start || middle >= end {
        return;
    }
    let centre = |i: usize| records.load(i * RECORD) + records.load(i * RECORD + 4);
    let (mut low, mut high) = (centre(start), centre(start));
    for i in start + 1..end {
        let at = centre(i);
        low = low.min(at);
        high = high.max(at);
    }
    let extent = (high - low).to_array();
    let axis = (1..3).fold(0, |best, axis| if extent[axis] > extent[best] { axis } else { best });
    select(records, [start, end, middle], axis);
}

/// Hoare's selection: afterwards no record before the middle is further along the axis than one after it.
fn select(records: &Column<Real>, [start, end, middle]: [usize; 3], axis: usize) {
    let value = |i: isize| records.get(i as usize * RECORD + axis) + records.get(i as usize * RECORD + 4 + axis);
    let middle = middle as isize;
    let (mut first, mut last) = (start as isize, end as isize - 1);
    for _ in 0..ROUNDS {
        if first >= last {
            return;
        }
        let (a, b, c) = (value(first), value((first + last) / 2), value(last));
        let pivot = a.min(b).max(a.max(b).min(c));
        let (mut i, mut j) = (first, last);
        while i <= j {
            while i < last && value(i) < pivot {
                i += 1;
            }
            while j > first && value(j) > pivot {
                j -= 1;
            }
            if i <= j {
                swap(records, i as usize, j as usize);
                i += 1;
                j -= 1;
            }
        }
        if middle <= j {
            last = j;
        } else if middle >= i {
            first = i;
        } else {
            return;
        }
    }
}

fn swap(records: &Column<Real>, i: usize, j: usize) {
    for half in [0, 4] {
        let (a, b) = (records.load(i * RECORD + half), records.load(j * RECORD + half));
        records.store(i * RECORD + half, b);
        records.store(j * RECORD + half, a);
    }
}
