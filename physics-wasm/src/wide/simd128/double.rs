//! Four `f64` lanes in two registers: each operation is two instructions of the strict `simd128` set. Masks and words keep their four 32-bit
//! lanes: comparisons narrow to them, `keep` and `choose` widen them.

use super::super::Choose;
use super::{Float4, Mask4, Word4};
use core::arch::wasm32::*;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// Four `f64` lanes.
#[derive(Clone, Copy)]
pub struct Double4(v128, v128);

/// The low halves of four 64-bit lanes.
#[inline(always)]
fn narrowed(low: v128, high: v128) -> v128 {
    i32x4_shuffle::<0, 2, 4, 6>(low, high)
}

impl Double4 {
    /// One value in every lane.
    #[inline(always)]
    pub fn splat(v: f64) -> Self {
        Self(f64x2_splat(v), f64x2_splat(v))
    }
    /// Lanes from values.
    #[inline(always)]
    pub fn from_array(v: [f64; 4]) -> Self {
        Self(f64x2(v[0], v[1]), f64x2(v[2], v[3]))
    }
    /// Values of the lanes.
    #[inline(always)]
    pub fn to_array(self) -> [f64; 4] {
        [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0), f64x2_extract_lane::<0>(self.1), f64x2_extract_lane::<1>(self.1)]
    }
    /// Four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is readable for 32 bytes.
    #[inline(always)]
    pub unsafe fn load(p: *const f64) -> Self {
        // SAFETY: the caller's contract.
        unsafe { Self(v128_load(p.cast()), v128_load(p.add(2).cast())) }
    }
    /// Writes four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is writable for 32 bytes.
    #[inline(always)]
    pub unsafe fn store(self, p: *mut f64) {
        // SAFETY: the caller's contract.
        unsafe {
            v128_store(p.cast(), self.0);
            v128_store(p.add(2).cast(), self.1);
        }
    }
    /// The lanes of a `Float4`, exactly.
    #[inline(always)]
    pub fn widen(v: Float4) -> Self {
        Self(f64x2_promote_low_f32x4(v.0), f64x2_promote_low_f32x4(i64x2_shuffle::<1, 1>(v.0, v.0)))
    }
    /// The lanes as a `Float4`, rounded to the nearest.
    #[inline(always)]
    pub fn narrow(self) -> Float4 {
        Float4(i64x2_shuffle::<0, 2>(f32x4_demote_f64x2_zero(self.0), f32x4_demote_f64x2_zero(self.1)))
    }
    /// Square root, correctly rounded.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(f64x2_sqrt(self.0), f64x2_sqrt(self.1))
    }
    /// Largest integer not above, saturated to 32 bits, NaN → 0; the bits of the signed integer.
    #[inline(always)]
    pub fn floor_to_word(self) -> Word4 {
        let half = |v| i32x4_trunc_sat_f64x2_zero(f64x2_floor(v));
        Word4(i64x2_shuffle::<0, 2>(half(self.0), half(self.1)))
    }
    /// `o < self ? o : self`.
    #[inline(always)]
    pub fn min(self, o: Self) -> Self {
        Self(f64x2_pmin(self.0, o.0), f64x2_pmin(self.1, o.1))
    }
    /// `self < o ? o : self`.
    #[inline(always)]
    pub fn max(self, o: Self) -> Self {
        Self(f64x2_pmax(self.0, o.0), f64x2_pmax(self.1, o.1))
    }
    /// Less than.
    #[inline(always)]
    pub fn lt(self, o: Self) -> Mask4 {
        Mask4(narrowed(f64x2_lt(self.0, o.0), f64x2_lt(self.1, o.1)))
    }
    /// Less than or equal.
    #[inline(always)]
    pub fn le(self, o: Self) -> Mask4 {
        Mask4(narrowed(f64x2_le(self.0, o.0), f64x2_le(self.1, o.1)))
    }
    /// Greater than.
    #[inline(always)]
    pub fn gt(self, o: Self) -> Mask4 {
        Mask4(narrowed(f64x2_gt(self.0, o.0), f64x2_gt(self.1, o.1)))
    }
    /// Greater than or equal.
    #[inline(always)]
    pub fn ge(self, o: Self) -> Mask4 {
        Mask4(narrowed(f64x2_ge(self.0, o.0), f64x2_ge(self.1, o.1)))
    }
    /// Equal; false for NaN.
    #[inline(always)]
    pub fn eq(self, o: Self) -> Mask4 {
        Mask4(narrowed(f64x2_eq(self.0, o.0), f64x2_eq(self.1, o.1)))
    }
    /// The lane where the mask is set, `+0` elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: Mask4) -> Self {
        let (low, high) = mask.widened();
        Self(v128_and(self.0, low), v128_and(self.1, high))
    }
    /// Rows to columns.
    #[inline(always)]
    pub fn transpose(r: [Self; 4]) -> [Self; 4] {
        let low = |a: v128, b: v128| i64x2_shuffle::<0, 2>(a, b);
        let high = |a: v128, b: v128| i64x2_shuffle::<1, 3>(a, b);
        [
            Self(low(r[0].0, r[1].0), low(r[2].0, r[3].0)),
            Self(high(r[0].0, r[1].0), high(r[2].0, r[3].0)),
            Self(low(r[0].1, r[1].1), low(r[2].1, r[3].1)),
            Self(high(r[0].1, r[1].1), high(r[2].1, r[3].1)),
        ]
    }
}

impl Mask4 {
    /// The truth values as two pairs of 64-bit lanes.
    #[inline(always)]
    fn widened(self) -> (v128, v128) {
        (i64x2_extend_low_i32x4(self.0), i64x2_extend_high_i32x4(self.0))
    }
}

impl Choose for Double4 {
    #[inline(always)]
    fn choose(mask: Mask4, a: Self, b: Self) -> Self {
        let (low, high) = mask.widened();
        Self(v128_bitselect(a.0, b.0, low), v128_bitselect(a.1, b.1, high))
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $instruction:ident) => {
        impl $trait for Double4 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, o: Self) -> Self {
                Self($instruction(self.0, o.0), $instruction(self.1, o.1))
            }
        }
    };
}
operator!(Add, add, f64x2_add);
operator!(Sub, sub, f64x2_sub);
operator!(Mul, mul, f64x2_mul);
operator!(Div, div, f64x2_div);

impl Neg for Double4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(f64x2_neg(self.0), f64x2_neg(self.1))
    }
}
