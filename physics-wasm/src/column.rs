//! A column of the world's memory, and the macro that makes a table of them.

#![allow(missing_docs)] // Most methods say it by their name.

use core::marker::PhantomData;

#[cfg(feature = "double")]
use crate::wide::Double4;
use crate::wide::{Float4, Word4};

/// A column of the world's memory: a raw view, copied freely into the stages.
///
/// Contract of every access: the index is below the length (checked in debug builds, so in all host tests), and within one phase no two
/// blocks touch the same element unless both read. The stages state at their heads which elements a block owns.
#[repr(C)]
pub struct Column<T> {
    pointer: *mut T,
    length: usize,
    element: PhantomData<T>,
}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Column<T> {}
// SAFETY: a column is an address; the contract above is what makes its use from several threads sound.
unsafe impl<T> Send for Column<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Column<T> {}

impl<T: Copy> Column<T> {
    /// The column of `length` elements at address `address`.
    pub fn at(address: usize, length: usize) -> Self {
        Self { pointer: address as *mut T, length, element: PhantomData }
    }
    /// Elements.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.length
    }
    /// Whether it has no elements.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
    /// Element `i`.
    #[inline(always)]
    pub fn get(&self, i: usize) -> T {
        debug_assert!(i < self.length, "column index {i} of {}", self.length);
        // SAFETY: the contract of `Column`.
        unsafe { *self.pointer.add(i) }
    }
    /// Writes element `i`.
    #[inline(always)]
    pub fn set(&self, i: usize, value: T) {
        debug_assert!(i < self.length, "column index {i} of {}", self.length);
        // SAFETY: the contract of `Column`.
        unsafe { *self.pointer.add(i) = value }
    }
    /// Address of element `i`.
    #[inline(always)]
    pub fn address(&self, i: usize) -> *mut T {
        debug_assert!(i <= self.length, "column address {i} of {}", self.length);
        // SAFETY: inside the column or one past it.
        unsafe { self.pointer.add(i) }
    }
    /// Sets `count` elements from `start` to `value`.
    #[inline]
    pub fn fill(&self, start: usize, count: usize, value: T) {
        for i in start..start + count {
            self.set(i, value);
        }
    }
}

impl Column<f32> {
    /// Four elements from `i`; the pad makes it valid up to the last element.
    #[inline(always)]
    pub fn load(&self, i: usize) -> Float4 {
        debug_assert!(i < self.length);
        // SAFETY: `i` is inside, and every column is followed by a line of padding.
        unsafe { Float4::load(self.address(i)) }
    }
    /// Writes four elements from `i`.
    #[inline(always)]
    pub fn store(&self, i: usize, v: Float4) {
        debug_assert!(i < self.length);
        // SAFETY: as in `load`.
        unsafe { v.store(self.address(i)) }
    }
}

#[cfg(feature = "double")]
impl Column<f64> {
    /// Four elements from `i`; the pad makes it valid up to the last element.
    #[inline(always)]
    pub fn load(&self, i: usize) -> Double4 {
        debug_assert!(i < self.length);
        // SAFETY: `i` is inside, and every column is followed by a line of padding.
        unsafe { Double4::load(self.address(i)) }
    }
    /// Writes four elements from `i`.
    #[inline(always)]
    pub fn store(&self, i: usize, v: Double4) {
        debug_assert!(i < self.length);
        // SAFETY: as in `load`.
        unsafe { v.store(self.address(i)) }
    }
}

impl Column<u32> {
    /// Four elements from `i`; the pad makes it valid up to the last element.
    #[inline(always)]
    pub fn load(&self, i: usize) -> Word4 {
        debug_assert!(i < self.length);
        // SAFETY: `i` is inside, and every column is followed by a line of padding.
        unsafe { Word4::load(self.address(i)) }
    }
    /// Writes four elements from `i`.
    #[inline(always)]
    pub fn store(&self, i: usize, v: Word4) {
        debug_assert!(i < self.length);
        // SAFETY: as in `load`.
        unsafe { v.store(self.address(i)) }
    }
}

/// The name of an element type as TypeScript reads it.
macro_rules! element_name {
    (Real) => {
        $crate::wide::real_name!()
    };
    ($type:ident) => {
        stringify!($type)
    };
}
/// A table of columns: a struct of them, their names and types, and their lengths in a world of some capacity.
macro_rules! columns {
    ($($(#[$doc:meta])* $field:ident: $type:ident[$length:expr] = $name:literal;)*) => {
        /// Every column of a world, in the order of the table.
        #[derive(Clone, Copy)]
        #[repr(C)]
        pub struct Columns { $($(#[$doc])* pub $field: Column<$type>,)* }

        /// One line a column: `name type`.
        pub const NAMES: &str = concat!($($name, " ", $crate::column::element_name!($type), "\n",)*);
        /// Number of columns.
        pub const COUNT: usize = [$($name),*].len();
        /// Bytes of an element of each column.
        const SIZES: [u8; COUNT] = [$(size_of::<$type>() as u8),*];

        /// Elements of each column.
        fn lengths(capacity: &Capacity) -> [usize; COUNT] {
            [$({ let f: fn(&Capacity) -> usize = $length; f(capacity) }),*]
        }
    };
}
pub(crate) use {columns, element_name};
