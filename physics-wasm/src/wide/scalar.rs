//! The backend without SIMD: four floats, each operation lane by lane, bit for bit what `simd128` gives.

use super::Choose;
use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Sub};

/// Four `f32` lanes.
#[derive(Clone, Copy)]
pub struct Float4([f32; 4]);
/// Four `f64` lanes.
#[cfg(feature = "double")]
#[derive(Clone, Copy)]
pub struct Double4([f64; 4]);
/// Four `u32` lanes.
#[derive(Clone, Copy)]
pub struct Word4([u32; 4]);
/// Four truth values, all bits of a lane set or clear.
#[derive(Clone, Copy)]
pub struct Mask4([u32; 4]);

#[inline(always)]
fn lanes<T: Copy, R>(v: [T; 4], f: impl Fn(T) -> R) -> [R; 4] {
    [f(v[0]), f(v[1]), f(v[2]), f(v[3])]
}

#[inline(always)]
fn pairs<T: Copy, R>(a: [T; 4], b: [T; 4], f: impl Fn(T, T) -> R) -> [R; 4] {
    [f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])]
}

#[inline(always)]
fn truth(t: bool) -> u32 {
    0u32.wrapping_sub(t as u32)
}

macro_rules! operator {
    ($trait:ident, $method:ident, $type:ident, $f:expr) => {
        impl $trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, o: Self) -> Self {
                Self(pairs(self.0, o.0, $f))
            }
        }
    };
}

/// What four numbers of either size have in common.
macro_rules! four {
    ($name:ident, $real:ident) => {
        impl $name {
            /// One value in every lane.
            #[inline(always)]
            pub fn splat(v: $real) -> Self {
                Self([v; 4])
            }
            /// Lanes from values.
            #[inline(always)]
            pub fn from_array(v: [$real; 4]) -> Self {
                Self(v)
            }
            /// Values of the lanes.
            #[inline(always)]
            pub fn to_array(self) -> [$real; 4] {
                self.0
            }
            /// Four consecutive values at `p`. One by one: a whole unaligned read becomes sixteen single bytes in the JavaScript build, 50 times slower.
            ///
            /// # Safety
            /// `p` is aligned and readable for four values.
            #[inline(always)]
            pub unsafe fn load(p: *const $real) -> Self {
                // SAFETY: the caller's contract.
                Self(unsafe { [*p, *p.add(1), *p.add(2), *p.add(3)] })
            }
            /// Writes four consecutive values at `p`.
            ///
            /// # Safety
            /// `p` is aligned and writable for four values.
            #[inline(always)]
            pub unsafe fn store(self, p: *mut $real) {
                // SAFETY: the caller's contract.
                unsafe {
                    *p = self.0[0];
                    *p.add(1) = self.0[1];
                    *p.add(2) = self.0[2];
                    *p.add(3) = self.0[3];
                }
            }
            /// Square root, correctly rounded.
            #[inline(always)]
            pub fn sqrt(self) -> Self {
                Self(lanes(self.0, <$real>::sqrt))
            }
            /// Largest integer not above, saturated to 32 bits, NaN → 0; the bits of the signed integer.
            #[inline(always)]
            pub fn floor_to_word(self) -> Word4 {
                Word4(lanes(self.0, |v| v.floor() as i32 as u32))
            }
            /// `o < self ? o : self`.
            #[inline(always)]
            pub fn min(self, o: Self) -> Self {
                Self(pairs(self.0, o.0, |a, b| if b < a { b } else { a }))
            }
            /// `self < o ? o : self`.
            #[inline(always)]
            pub fn max(self, o: Self) -> Self {
                Self(pairs(self.0, o.0, |a, b| if a < b { b } else { a }))
            }
            /// Less than.
            #[inline(always)]
            pub fn lt(self, o: Self) -> Mask4 {
                Mask4(pairs(self.0, o.0, |a, b| truth(a < b)))
            }
            /// Less than or equal.
            #[inline(always)]
            pub fn le(self, o: Self) -> Mask4 {
                Mask4(pairs(self.0, o.0, |a, b| truth(a <= b)))
            }
            /// Greater than.
            #[inline(always)]
            pub fn gt(self, o: Self) -> Mask4 {
                Mask4(pairs(self.0, o.0, |a, b| truth(a > b)))
            }
            /// Greater than or equal.
            #[inline(always)]
            pub fn ge(self, o: Self) -> Mask4 {
                Mask4(pairs(self.0, o.0, |a, b| truth(a >= b)))
            }
            /// Equal; false for NaN.
            #[inline(always)]
            pub fn eq(self, o: Self) -> Mask4 {
                Mask4(pairs(self.0, o.0, |a, b| truth(a == b)))
            }
            /// Rows to columns.
            #[inline(always)]
            pub fn transpose(r: [Self; 4]) -> [Self; 4] {
                core::array::from_fn(|i| Self([r[0].0[i], r[1].0[i], r[2].0[i], r[3].0[i]]))
            }
        }

        operator!(Add, add, $name, |a, b| a + b);
        operator!(Sub, sub, $name, |a, b| a - b);
        operator!(Mul, mul, $name, |a, b| a * b);
        operator!(Div, div, $name, |a, b| a / b);

        impl Neg for $name {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self(lanes(self.0, |v| -v))
            }
        }

        impl Choose for $name {
            #[inline(always)]
            fn choose(mask: Mask4, a: Self, b: Self) -> Self {
                Self(core::array::from_fn(|i| if mask.0[i] != 0 { a.0[i] } else { b.0[i] }))
            }
        }
    };
}

four!(Float4, f32);
#[cfg(feature = "double")]
four!(Double4, f64);

impl Float4 {
    /// The lane where the mask is set, `+0` elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: Mask4) -> Self {
        let m = mask.0;
        let v = self.0.map(f32::to_bits);
        Self([v[0] & m[0], v[1] & m[1], v[2] & m[2], v[3] & m[3]].map(f32::from_bits))
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
}

#[cfg(feature = "double")]
impl Double4 {
    /// The lane where the mask is set, `+0` elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: Mask4) -> Self {
        mask.select(self, Self::splat(0.0))
    }
    /// The lanes of a `Float4`, exactly.
    #[inline(always)]
    pub fn widen(v: Float4) -> Self {
        Self(lanes(v.0, f64::from))
    }
    /// The lanes as a `Float4`, rounded to the nearest.
    #[inline(always)]
    pub fn narrow(self) -> Float4 {
        Float4(lanes(self.0, |v| v as f32))
    }
}

impl Word4 {
    /// One value in every lane.
    #[inline(always)]
    pub fn splat(v: u32) -> Self {
        Self([v; 4])
    }
    /// Values of the lanes.
    #[inline(always)]
    pub fn to_array(self) -> [u32; 4] {
        self.0
    }
    /// Four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is aligned to 4 and readable for 16 bytes.
    #[inline(always)]
    pub unsafe fn load(p: *const u32) -> Self {
        // SAFETY: the caller's contract.
        Self(unsafe { [*p, *p.add(1), *p.add(2), *p.add(3)] })
    }
    /// Writes four consecutive values at `p`.
    ///
    /// # Safety
    /// `p` is aligned to 4 and writable for 16 bytes.
    #[inline(always)]
    pub unsafe fn store(self, p: *mut u32) {
        // SAFETY: the caller's contract.
        unsafe {
            *p = self.0[0];
            *p.add(1) = self.0[1];
            *p.add(2) = self.0[2];
            *p.add(3) = self.0[3];
        }
    }
    /// `first`, `first + 1`, `first + 2`, `first + 3`.
    #[inline(always)]
    pub fn ramp(first: u32) -> Self {
        Self([first, first + 1, first + 2, first + 3])
    }
    /// The lanes whose bit is set in `bits` (0 … 15), moved together to the front; zero behind them.
    #[inline(always)]
    pub fn compress(self, bits: u32) -> Self {
        let order = &super::COMPRESS[bits as usize & 15];
        Self(core::array::from_fn(|lane| self.0.get(order[4 * lane] as usize / 4).copied().unwrap_or(0)))
    }
    /// Equal.
    #[inline(always)]
    pub fn eq(self, o: Self) -> Mask4 {
        Mask4(pairs(self.0, o.0, |a, b| truth(a == b)))
    }
    /// The lane where the mask is set, 0 elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: Mask4) -> Self {
        Self(pairs(self.0, mask.0, |a, b| a & b))
    }
    /// Every lane moved by `bits` towards the top.
    #[inline(always)]
    pub fn raised(self, bits: u32) -> Self {
        Self(lanes(self.0, |v| v << bits))
    }
    /// Lanes that have any of the bits of `bits`.
    #[inline(always)]
    pub fn has(self, bits: u32) -> Mask4 {
        Mask4(lanes(self.0, |v| truth(v & bits != 0)))
    }
    /// Whether any bit is set in any lane.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.0 != [0; 4]
    }
}

impl Mask4 {
    /// One bit a lane, lane 0 lowest.
    #[inline(always)]
    pub fn bits(self) -> u32 {
        (self.0[0] & 1) | (self.0[1] & 2) | (self.0[2] & 4) | (self.0[3] & 8)
    }
    /// Whether any lane is set.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.0 != [0; 4]
    }
    /// Set in `self`, not in `o`.
    #[inline(always)]
    pub fn without(self, o: Self) -> Self {
        Self(pairs(self.0, o.0, |a, b| a & !b))
    }
}

operator!(BitAnd, bitand, Mask4, |a, b| a & b);
operator!(BitOr, bitor, Mask4, |a, b| a | b);
operator!(BitAnd, bitand, Word4, |a, b| a & b);
operator!(BitOr, bitor, Word4, |a, b| a | b);
operator!(BitXor, bitxor, Word4, |a, b| a ^ b);
operator!(Add, add, Word4, u32::wrapping_add);
operator!(Sub, sub, Word4, u32::wrapping_sub);
operator!(Mul, mul, Word4, u32::wrapping_mul);
