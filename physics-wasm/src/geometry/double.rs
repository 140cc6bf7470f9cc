//! Three numbers in 64 bits. The iterative methods (GJK, casts) and the tests of rays run in `f64` in both builds: WebAssembly has the instructions,
//! nothing of them is on the hot path, and cancellation stops being a topic.

use super::vector::{Quat, Vec3};
use crate::wide::Real;

/// x, y, z.
pub type V = [f64; 3];

/// To 64 bits.
#[inline(always)]
pub fn widen(a: Vec3) -> V {
    a.map(f64::from)
}
/// To the kernel's numbers.
#[inline(always)]
pub fn narrow(a: V) -> Vec3 {
    a.map(|x| x as Real)
}
/// Sum.
#[inline(always)]
pub fn add(a: V, b: V) -> V {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}
/// Difference.
#[inline(always)]
pub fn sub(a: V, b: V) -> V {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}
/// Each component times `s`.
#[inline(always)]
pub fn scale(a: V, s: f64) -> V {
    [a[0] * s, a[1] * s, a[2] * s]
}
/// `a + b·s`.
#[inline(always)]
pub fn add_scaled(a: V, b: V, s: f64) -> V {
    add(a, scale(b, s))
}
/// Inner product.
#[inline(always)]
pub fn dot(a: V, b: V) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
/// Cross product.
#[inline(always)]
pub fn cross(a: V, b: V) -> V {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
/// The opposite vector.
#[inline(always)]
pub fn negate(a: V) -> V {
    [-a[0], -a[1], -a[2]]
}
/// Columns of the rotation matrix of `q`, made exactly orthogonal to 64 bits by bringing `q` to length one first.
#[inline(always)]
pub fn axes(q: Quat) -> [V; 3] {
    let q = q.map(f64::from);
    let norm = (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).sqrt();
    let [x, y, z, w] = if norm > 0.0 { q.map(|c| c / norm) } else { [0.0, 0.0, 0.0, 1.0] };
    let (x2, y2, z2) = (x + x, y + y, z + z);
    let (xx, yy, zz, xy, xz, yz, wx, wy, wz) = (x * x2, y * y2, z * z2, x * y2, x * z2, y * z2, w * x2, w * y2, w * z2);
    [[1.0 - (yy + zz), xy + wz, xz - wy], [xy - wz, 1.0 - (xx + zz), yz + wx], [xz + wy, yz - wx, 1.0 - (xx + yy)]]
}
/// Columns times components.
#[inline(always)]
pub fn turn(m: &[V; 3], v: V) -> V {
    add_scaled(add_scaled(scale(m[0], v[0]), m[1], v[1]), m[2], v[2])
}
/// Components of `v` along the columns.
#[inline(always)]
pub fn unturn(m: &[V; 3], v: V) -> V {
    [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
}
