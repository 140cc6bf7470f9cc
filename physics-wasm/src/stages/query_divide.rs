//! Dividing bodies of the queries' index in two halves with so many each, where their places do not divide them well.

use super::query_index::RECORD;
use crate::column::Column;
use crate::wide::Real;

/// Rounds of the search for a median. What it leaves out of order after that costs speed, not answers.
const ROUNDS: usize = 40;

/// Hoare's selection among records from `records` on: afterwards none of `start … middle` is further along the axis than one of `middle … end`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn divide(column: &Column<Real>, records: usize, [start, end, middle]: [usize; 3], axis: usize) {
    if middle <= start || middle >= end {
        return;
    }
    let value = |i: isize| column.get(records + i as usize * RECORD + axis);
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
                swap(column, records + i as usize * RECORD, records + j as usize * RECORD);
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

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn swap(column: &Column<Real>, i: usize, j: usize) {
    for half in [0, RECORD / 2] {
        let (a, b) = (column.load(i + half), column.load(j + half));
        column.store(i + half, b);
        column.store(j + half, a);
    }
}
