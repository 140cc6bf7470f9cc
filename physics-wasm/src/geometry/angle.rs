//! Angles without the host's mathematics: the same bits on every machine. Only + − × ÷ and square roots, four lanes or one.
//!
//! The arc tangent reduces to |t| ≤ tan(π/8) and takes a polynomial there (32 bits) or a quotient of polynomials (64 bits); the coefficients
//! are those of Moshier's *Cephes*. Errors over all quadrants: 3·10⁻⁷ and 5·10⁻¹⁶ (`tests/joint_angle.rs`).

use crate::wide::{Real, Real4};

/// π.
pub const PI: Real = core::f64::consts::PI as Real;
/// tan(π/8).
const EIGHTH: Real = 0.414_213_562_373_095_f64 as Real;

/// Magnitude of each lane.
#[inline(always)]
pub fn abs(v: Real4) -> Real4 {
    v.max(-v)
}

/// atan t − t over t, for |t| ≤ tan(π/8) and z = t².
#[cfg(not(feature = "double"))]
#[inline(always)]
fn kernel(z: Real4) -> Real4 {
    let k = Real4::splat;
    (((k(8.053_744_5e-2) * z - k(1.387_768_6e-1)) * z + k(1.997_771_1e-1)) * z - k(3.333_295e-1)) * z
}

/// atan t − t over t, for |t| ≤ tan(π/8) and z = t².
#[cfg(feature = "double")]
#[inline(always)]
fn kernel(z: Real4) -> Real4 {
    let k = Real4::splat;
    let p = (((k(-8.750608600031904e-1) * z - k(16.157_537_187_333_65)) * z - k(75.008_557_923_147_05)) * z - k(122.886_668_449_013_61))
        * z
        - k(64.850_219_049_420_25);
    let q = ((((z + k(24.858_464_901_423_06)) * z + k(165.027_009_831_698_85)) * z + k(432.881_060_491_290_27)) * z
        + k(485.390_399_635_913_7))
        * z
        + k(194.550_657_148_261_4);
    p / q * z
}

/// Angle of (x, y) from the x axis, −π … π; 0 at the origin.
#[inline(always)]
pub fn atan2(y: Real4, x: Real4) -> Real4 {
    let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
    let (ax, ay) = (abs(x), abs(y));
    let steep = ay.gt(ax);
    let (small, large) = (steep.select(ax, ay), steep.select(ay, ax));
    let t = small / large.gt(zero).select(large, one);
    let far = t.gt(Real4::splat(EIGHTH));
    let near = far.select((t - one) / (t + one), t);
    let base = far.select(Real4::splat(0.25 * PI), zero);
    let flat = base + (near + near * kernel(near * near));
    let quarter = steep.select(Real4::splat(0.5 * PI) - flat, flat);
    let half = x.lt(zero).select(Real4::splat(PI) - quarter, quarter);
    y.lt(zero).select(-half, half)
}

/// `angle` brought within π of `middle`, for angles at most one turn away.
#[inline(always)]
pub fn wrap(angle: Real4, middle: Real4) -> Real4 {
    let turn = Real4::splat(2.0 * PI);
    let t = angle - middle;
    let t = t.gt(Real4::splat(PI)).select(t - turn, t);
    let t = t.lt(Real4::splat(-PI)).select(t + turn, t);
    t + middle
}

/// eˣ for x ≤ 0, to 2·10⁻¹⁴ for x ≥ −40: x = k·ln 2 + r, a Taylor sum of r, k into the exponent.
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x < -700.0 {
        return 0.0;
    }
    let x = x.min(0.0);
    let k = (x * core::f64::consts::LOG2_E).floor();
    let r = x - k * core::f64::consts::LN_2;
    let mut sum = 1.0;
    for n in (1..=16).rev() {
        sum = 1.0 + sum * r / n as f64;
    }
    sum * f64::from_bits(((k as i64 + 1023) as u64) << 52)
}

/// sin x for |x| ≤ 1, to 10⁻¹⁵.
pub fn small_sin(x: f64) -> f64 {
    let z = x * x;
    let mut sum = 1.0;
    for n in (1..=8).rev() {
        let m = (2 * n) as f64;
        sum = 1.0 - sum * z / (m * (m + 1.0));
    }
    x * sum
}
