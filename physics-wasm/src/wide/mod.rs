//! Four lanes, written once: every kernel in this crate is text against these types, and two backends give them the same bits.
//!
//! | backend | used by | what it is |
//! |---|---|---|
//! | `simd128` | tiers `threads`, `simd` | one WebAssembly SIMD instruction an operation |
//! | `scalar`  | tier `js`, host tests | four floats, the same operation lane by lane |
//!
//! Bit parity rests on three rules. No fused multiply-add and no relaxed SIMD. `min`/`max` are written as the comparison `b < a ? b : a`
//! (what `pmin`/`pmax` do), never as IEEE minimum. Reductions add lanes as `(0 + 1) + (2 + 3)`.
//! `tests/wide_parity.rs` states each operation lane by lane.

#[cfg(target_feature = "simd128")]
mod simd128;
#[cfg(target_feature = "simd128")]
pub use simd128::{Float4, Mask4, Word4};

#[cfg(not(target_feature = "simd128"))]
mod scalar;
#[cfg(not(target_feature = "simd128"))]
pub use scalar::{Float4, Mask4, Word4};

/// Lanes in a wide value. Loads and stores move this many elements.
pub const LANES: usize = 4;

/// Three wide components of a vector.
#[derive(Clone, Copy)]
pub struct Vector4 {
    /// First components.
    pub x: Float4,
    /// Second components.
    pub y: Float4,
    /// Third components.
    pub z: Float4,
}

impl Vector4 {
    /// Three wide components.
    #[inline(always)]
    pub fn new(x: Float4, y: Float4, z: Float4) -> Self {
        Self { x, y, z }
    }

    /// The zero vector in every lane.
    #[inline(always)]
    pub fn zero() -> Self {
        Self::new(Float4::splat(0.0), Float4::splat(0.0), Float4::splat(0.0))
    }

    /// The same vector in every lane.
    #[inline(always)]
    pub fn splat(v: [f32; 3]) -> Self {
        Self::new(Float4::splat(v[0]), Float4::splat(v[1]), Float4::splat(v[2]))
    }

    /// Inner product, lane by lane.
    #[inline(always)]
    pub fn dot(self, o: Self) -> Float4 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    /// Cross product, lane by lane.
    #[inline(always)]
    pub fn cross(self, o: Self) -> Self {
        Self::new(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    /// Each lane scaled by its own factor.
    #[inline(always)]
    pub fn scale(self, s: Float4) -> Self {
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
pub fn transpose(rows: [Float4; 4]) -> [Float4; 4] {
    Float4::transpose(rows)
}
