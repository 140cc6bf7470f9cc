//! The table that both languages read: names, alignment, and that no column overlaps another.

mod common;
use common::capacity;
use kernel::layout::{Columns, COUNT, LINE, NAMES};

#[test]
fn every_column_has_a_name_and_a_line_of_its_own() {
    let lines: Vec<&str> = NAMES.lines().collect();
    assert_eq!(lines.len(), COUNT);
    for base in [0, 4096, 70_001] {
        let (_, table, end) = Columns::place(&capacity(5000), base);
        let mut free = base.next_multiple_of(LINE);
        for ([offset, length], line) in table.iter().zip(&lines) {
            let size = if line.ends_with("64") { 8 } else { 4 };
            assert_eq!(*offset as usize % LINE, 0, "{line}");
            assert_eq!(*offset as usize, free, "{line} follows the one before");
            // A line of padding: a four-lane load at the last element stays inside.
            free = (free + *length as usize * size + LINE).next_multiple_of(LINE);
        }
        assert_eq!(free, end);
    }
}

#[test]
fn names_are_unique_and_name_a_type() {
    let mut names: Vec<&str> = NAMES.lines().map(|line| line.split(' ').next().unwrap()).collect();
    names.sort();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(NAMES.lines().all(|line| matches!(line.split(' ').nth(1), Some("f32" | "f64" | "u32" | "u64"))));
}
