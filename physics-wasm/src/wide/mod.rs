//! Four lanes, written once: every kernel in this crate is text against these types, and two backends give them the same bits.
//!
//! | backend | used by | what it is |
//! |---|---|---|
//! | `simd128` | tiers `threads`, `simd` | one WebAssembly SIMD instruction an operation |
//! | `scalar`  | tier `js`, host tests | four floats, the same operation lane by lane |
//!
//! `Real` is the number of the state and of everything that computes with bodies: `f32`, or `f64` with the feature `double`; `Real4` is four
//! of them. `Float4` stays for what is in 32 bits in either precision: particles, and what the GPU reads. Masks and words have four 32-bit
//! lanes in both.
//!
//! Bit parity rests on three rules. No fused multiply-add and no relaxed SIMD. `min`/`max` are written as the comparison `b < a ? b : a`
//! (what `pmin`/`pmax` do), never as IEEE minimum. Reductions add lanes as `(0 + 1) + (2 + 3)`.
//! `tests/wide_parity.rs` states each operation lane by lane.

#[cfg(target_feature = "simd128")]
mod simd128;
#[cfg(target_feature = "simd128")]
pub use simd128::*;

#[cfg(not(target_feature = "simd128"))]
mod scalar;
#[cfg(not(target_feature = "simd128"))]
pub use scalar::*;

/// A number of the state.
#[cfg(not(feature = "double"))]
pub type Real = f32;
/// Four numbers of the state.
#[cfg(not(feature = "double"))]
pub type Real4 = Float4;
/// A number of the state.
#[cfg(feature = "double")]
pub type Real = f64;
/// Four numbers of the state.
#[cfg(feature = "double")]
pub type Real4 = Double4;

/// The name of a number of the state as TypeScript reads it.
#[cfg(not(feature = "double"))]
macro_rules! real_name {
    () => {
        "f32"
    };
}
#[cfg(feature = "double")]
macro_rules! real_name {
    () => {
        "f64"
    };
}
pub(crate) use real_name;

/// Smallest mass, moment of inertia and squared distance that count as positive: its inverse is finite in either precision.
pub const TINY: Real = f32::MIN_POSITIVE as Real;

/// What a mask chooses between.
pub trait Choose: Copy {
    /// `a` where set, `b` elsewhere.
    fn choose(mask: Mask4, a: Self, b: Self) -> Self;
}

impl Mask4 {
    /// `a` where set, `b` elsewhere.
    #[inline(always)]
    pub fn select<T: Choose>(self, a: T, b: T) -> T {
        T::choose(self, a, b)
    }
}

/// Lanes in a wide value. Loads and stores move this many elements.
pub const LANES: usize = 4;

/// Lanes with an index below `count`.
#[inline(always)]
pub fn lanes_below(count: usize) -> Mask4 {
    Float4::from_array([0.0, 1.0, 2.0, 3.0]).lt(Float4::splat(count as f32))
}

/// Bytes that bring the lanes with a set bit to the front, for each of the 16 masks; 255 gives zero.
const COMPRESS: [[u8; 16]; 16] = compress_table();

const fn compress_table() -> [[u8; 16]; 16] {
    let mut table = [[255; 16]; 16];
    let mut bits = 0;
    while bits < 16 {
        let (mut lane, mut to) = (0, 0);
        while lane < 4 {
            if bits >> lane & 1 != 0 {
                let mut byte = 0;
                while byte < 4 {
                    table[bits][4 * to + byte] = (4 * lane + byte) as u8;
                    byte += 1;
                }
                to += 1;
            }
            lane += 1;
        }
        bits += 1;
    }
    table
}

/// Three wide components of a vector.
#[derive(Clone, Copy)]
pub struct Vector4 {
    /// First components.
    pub x: Real4,
    /// Second components.
    pub y: Real4,
    /// Third components.
    pub z: Real4,
}

impl Vector4 {
    /// Three wide components.
    #[inline(always)]
    pub fn new(x: Real4, y: Real4, z: Real4) -> Self {
        Self { x, y, z }
    }

    /// The zero vector in every lane.
    #[inline(always)]
    pub fn zero() -> Self {
        Self::new(Real4::splat(0.0), Real4::splat(0.0), Real4::splat(0.0))
    }

    /// The same vector in every lane.
    #[inline(always)]
    pub fn splat(v: [Real; 3]) -> Self {
        Self::new(Real4::splat(v[0]), Real4::splat(v[1]), Real4::splat(v[2]))
    }

    /// Inner product, lane by lane.
    #[inline(always)]
    pub fn dot(self, o: Self) -> Real4 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    /// Cross product, lane by lane.
    #[inline(always)]
    pub fn cross(self, o: Self) -> Self {
        Self::new(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    /// Each lane scaled by its own factor.
    #[inline(always)]
    pub fn scale(self, s: Real4) -> Self {
        Self::new(self.x * s, self.y * s, self.z * s)
    }

    /// `self` where the mask is set, `o` elsewhere.
    #[inline(always)]
    pub fn select(self, mask: Mask4, o: Self) -> Self {
        Self::new(mask.select(self.x, o.x), mask.select(self.y, o.y), mask.select(self.z, o.z))
    }
}

impl core::ops::Add for Vector4 {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl core::ops::Sub for Vector4 {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

/// Four rows of four become four columns: array-of-structures in memory, structure-of-arrays in registers, and back.
#[inline(always)]
pub fn transpose(rows: [Real4; 4]) -> [Real4; 4] {
    Real4::transpose(rows)
}
