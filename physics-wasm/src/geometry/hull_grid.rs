//! The integer grid on which hulls are built, and the side of a plane decided on it without error.

use super::vector::Vec3;
use crate::wide::Real;

/// Bits of the grid: the products of three differences then fit into 120 bits.
const GRID_BITS: i32 = 38;

/// From points to the grid and from the grid to metres about the middle of the cloud.
pub(super) struct Grid {
    /// Middle of the cloud, m.
    pub middle: [f64; 3],
    to_grid: [f64; 3],
    to_metres: [f64; 3],
}

impl Grid {
    /// The grid over some points, their largest extent and their largest coordinate.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn over(points: &[Vec3]) -> (Self, f64, f64) {
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for p in points {
            for axis in 0..3 {
                (low[axis], high[axis]) = (low[axis].min(p[axis] as f64), high[axis].max(p[axis] as f64));
            }
        }
        let extent: [f64; 3] = core::array::from_fn(|axis| high[axis] - low[axis]);
        let largest = low.into_iter().chain(high).fold(0.0, |most: f64, v| most.max(v.abs()));
        // The power of two not below 2^(bits − 1) / extent: the half extent is then at most 2^(bits − 1) steps.
        let exponent = extent.map(|e| if e > 1e-60 { (e.to_bits() >> 52) as i32 - 1023 } else { 0 });
        let power = |exponent: i32| f64::from_bits(((1023 + exponent) as u64) << 52);
        let grid = Self {
            middle: core::array::from_fn(|axis| (0.5 * (low[axis] + high[axis])) as Real as f64),
            to_grid: exponent.map(|e| power(GRID_BITS - 1 - e)),
            to_metres: exponent.map(|e| power(e - GRID_BITS + 1)),
        };
        (grid, extent.into_iter().fold(0.0, f64::max), largest)
    }

    /// The place of a point on the grid: three integers.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn place(&self, p: Vec3) -> [f64; 3] {
        core::array::from_fn(|axis| ((p[axis] as f64 - self.middle[axis]) * self.to_grid[axis] + 0.5).floor())
    }

    /// A place on the grid in metres about the middle.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn metres(&self, place: [f64; 3]) -> [f64; 3] {
        core::array::from_fn(|axis| place[axis] * self.to_metres[axis])
    }
}

/// The side of the triangle's plane on which `p` is: 1 in front, −1 behind, 0 exactly on it. All coordinates are integers below 2³⁹.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn orientation([a, b, c]: [[f64; 3]; 3], p: [f64; 3]) -> i32 {
    let (u, v, w) = (minus(b, a), minus(c, a), minus(p, a));
    let value = inner(outer(u, v), w);
    let size = |v: [f64; 3]| v[0].abs().max(v[1].abs()).max(v[2].abs());
    // Six products of three with at most eight roundings each.
    if value.abs() > 6.0 * 8.0 * f64::EPSILON * (size(u) * size(v) * size(w)) {
        return if value > 0.0 { 1 } else { -1 };
    }
    let [u, v, w] = [u, v, w].map(|v| v.map(|x| x as i128));
    let n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    (n[0] * w[0] + n[1] * w[1] + n[2] * w[2]).signum() as i32
}

/// Unit normal and offset of the plane through three places.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn plane_through(a: [f64; 3], b: [f64; 3], c: [f64; 3]) -> [f64; 4] {
    let n = outer(minus(b, a), minus(c, a));
    let length = inner(n, n).sqrt();
    let s = if length > 0.0 { 1.0 / length } else { 0.0 };
    let n = n.map(|v| v * s);
    [n[0], n[1], n[2], inner(n, a)]
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn inner(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn outer(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
