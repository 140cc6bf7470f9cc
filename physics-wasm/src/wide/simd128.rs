//! The backend for WebAssembly SIMD: each operation is one instruction of the strict `simd128` set.

use super::Choose;
use core::arch::wasm32::*;
use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Sub};

#[cfg(feature = "double")]
mod double;
#[cfg(feature = "double")]
pub use double::Double4;

/// Four `f32` lanes.
#[derive(Clone, Copy)]
pub struct Float4(v128);
/// Four `u32` lanes.
#[derive(Clone, Copy)]
pub struct Word4(v128);
/// Four truth values, all bits of a lane set or clear.
#[derive(Clone, Copy)]
pub struct Mask4(v128);

impl Float4 {
    /// One value in every lane.
    #[inline(always)]
    pub fn splat(v: f32) -> Self {
        Self(f32x4_splat(v))
    }
    /// Lanes from values.
    #[inline(always)]
    pub fn from_array(v: [f32; 4]) -> Self {
        Self(f32x4(v[0], v[1], v[2], v[3]))
    }
    /// Values of the lanes.
    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        [f32x4_extract_lane::<0>(self.0), f32x4_extract_lane::<1>(self.0), f32x4_extract_lane::<2>(self.0), f32x4_extract_lane::<3>(self.0)]
    }
    /// Four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is readable for 16 bytes.
    #[inline(always)]
    pub unsafe fn load(p: *const f32) -> Self {
        // SAFETY: the caller's contract.
        Self(unsafe { v128_load(p.cast()) })
    }
    /// Writes four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is writable for 16 bytes.
    #[inline(always)]
    pub unsafe fn store(self, p: *mut f32) {
        // SAFETY: the caller's contract.
        unsafe { v128_store(p.cast(), self.0) }
    }
    /// Square root, correctly rounded.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    /// Largest integer not above, saturated to 32 bits, NaN → 0; the bits of the signed integer.
    #[inline(always)]
    pub fn floor_to_word(self) -> Word4 {
        Word4(i32x4_trunc_sat_f32x4(f32x4_floor(self.0)))
    }
    /// `o < self ? o : self`.
    #[inline(always)]
    pub fn min(self, o: Self) -> Self {
        Self(f32x4_pmin(self.0, o.0))
    }
    /// `self < o ? o : self`.
    #[inline(always)]
    pub fn max(self, o: Self) -> Self {
        Self(f32x4_pmax(self.0, o.0))
    }
    /// Less than.
    #[inline(always)]
    pub fn lt(self, o: Self) -> Mask4 {
        Mask4(f32x4_lt(self.0, o.0))
    }
    /// Less than or equal.
    #[inline(always)]
    pub fn le(self, o: Self) -> Mask4 {
        Mask4(f32x4_le(self.0, o.0))
    }
    /// Greater than.
    #[inline(always)]
    pub fn gt(self, o: Self) -> Mask4 {
        Mask4(f32x4_gt(self.0, o.0))
    }
    /// Greater than or equal.
    #[inline(always)]
    pub fn ge(self, o: Self) -> Mask4 {
        Mask4(f32x4_ge(self.0, o.0))
    }
    /// Equal; false for NaN.
    #[inline(always)]
    pub fn eq(self, o: Self) -> Mask4 {
        Mask4(f32x4_eq(self.0, o.0))
    }
    /// The lane where the mask is set, `+0` elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: Mask4) -> Self {
        Self(v128_and(self.0, mask.0))
    }
    /// The lanes of a `Float4`: there is nothing to do.
    #[inline(always)]
    pub fn widen(v: Float4) -> Self {
        v
    }
    /// The lanes as a `Float4`: there is nothing to do.
    #[inline(always)]
    pub fn narrow(self) -> Float4 {
        self
    }
    /// Rows to columns.
    #[inline(always)]
    pub fn transpose(r: [Self; 4]) -> [Self; 4] {
        let ab_lo = i32x4_shuffle::<0, 4, 1, 5>(r[0].0, r[1].0);
        let ab_hi = i32x4_shuffle::<2, 6, 3, 7>(r[0].0, r[1].0);
        let cd_lo = i32x4_shuffle::<0, 4, 1, 5>(r[2].0, r[3].0);
        let cd_hi = i32x4_shuffle::<2, 6, 3, 7>(r[2].0, r[3].0);
        [
            Self(i64x2_shuffle::<0, 2>(ab_lo, cd_lo)),
            Self(i64x2_shuffle::<1, 3>(ab_lo, cd_lo)),
            Self(i64x2_shuffle::<0, 2>(ab_hi, cd_hi)),
            Self(i64x2_shuffle::<1, 3>(ab_hi, cd_hi)),
        ]
    }
}

impl Choose for Float4 {
    #[inline(always)]
    fn choose(mask: Mask4, a: Self, b: Self) -> Self {
        Self(v128_bitselect(a.0, b.0, mask.0))
    }
}

impl Word4 {
    /// One value in every lane.
    #[inline(always)]
    pub fn splat(v: u32) -> Self {
        Self(u32x4_splat(v))
    }
    /// Values of the lanes.
    #[inline(always)]
    pub fn to_array(self) -> [u32; 4] {
        [u32x4_extract_lane::<0>(self.0), u32x4_extract_lane::<1>(self.0), u32x4_extract_lane::<2>(self.0), u32x4_extract_lane::<3>(self.0)]
    }
    /// Four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is readable for 16 bytes.
    #[inline(always)]
    pub unsafe fn load(p: *const u32) -> Self {
        // SAFETY: the caller's contract.
        Self(unsafe { v128_load(p.cast()) })
    }
    /// Writes four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is writable for 16 bytes.
    #[inline(always)]
    pub unsafe fn store(self, p: *mut u32) {
        // SAFETY: the caller's contract.
        unsafe { v128_store(p.cast(), self.0) }
    }
    /// `first`, `first + 1`, `first + 2`, `first + 3`.
    #[inline(always)]
    pub fn ramp(first: u32) -> Self {
        Self(u32x4_add(u32x4_splat(first), u32x4(0, 1, 2, 3)))
    }
    /// The lanes whose bit is set in `bits` (0 … 15), moved together to the front; zero behind them.
    #[inline(always)]
    pub fn compress(self, bits: u32) -> Self {
        // SAFETY: the table has 16 rows.
        let order = unsafe { v128_load(super::COMPRESS[bits as usize & 15].as_ptr().cast()) };
        Self(i8x16_swizzle(self.0, order))
    }
    /// Equal.
    #[inline(always)]
    pub fn eq(self, o: Self) -> Mask4 {
        Mask4(u32x4_eq(self.0, o.0))
    }
    /// Every lane moved by `bits` towards the top.
    #[inline(always)]
    pub fn raised(self, bits: u32) -> Self {
        Self(u32x4_shl(self.0, bits))
    }
    /// The lane where the mask is set, 0 elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: Mask4) -> Self {
        Self(v128_and(self.0, mask.0))
    }
    /// Lanes that have any of the bits of `bits`.
    #[inline(always)]
    pub fn has(self, bits: u32) -> Mask4 {
        Mask4(v128_not(u32x4_eq(v128_and(self.0, u32x4_splat(bits)), u32x4_splat(0))))
    }
    /// Whether any bit is set in any lane.
    #[inline(always)]
    pub fn any(self) -> bool {
        v128_any_true(self.0)
    }
}

impl Mask4 {
    /// One bit a lane, lane 0 lowest.
    #[inline(always)]
    pub fn bits(self) -> u32 {
        u32x4_bitmask(self.0) as u32
    }
    /// Whether any lane is set.
    #[inline(always)]
    pub fn any(self) -> bool {
        v128_any_true(self.0)
    }
    /// Set in `self`, not in `o`.
    #[inline(always)]
    pub fn without(self, o: Self) -> Self {
        Self(v128_andnot(self.0, o.0))
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $type:ident, $instruction:ident) => {
        impl $trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, o: Self) -> Self {
                Self($instruction(self.0, o.0))
            }
        }
    };
}
operator!(Add, add, Float4, f32x4_add);
operator!(Sub, sub, Float4, f32x4_sub);
operator!(Mul, mul, Float4, f32x4_mul);
operator!(Div, div, Float4, f32x4_div);
operator!(BitAnd, bitand, Mask4, v128_and);
operator!(BitOr, bitor, Mask4, v128_or);
operator!(BitAnd, bitand, Word4, v128_and);
operator!(BitOr, bitor, Word4, v128_or);
operator!(BitXor, bitxor, Word4, v128_xor);
operator!(Add, add, Word4, u32x4_add);
operator!(Sub, sub, Word4, u32x4_sub);
operator!(Mul, mul, Word4, u32x4_mul);

impl Neg for Float4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(f32x4_neg(self.0))
    }
}
