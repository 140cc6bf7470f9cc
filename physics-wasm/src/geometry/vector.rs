//! Three numbers, a unit quaternion, a pose, and a symmetric matrix. Plain arrays, so that columns and columns of columns read the same.

use crate::wide::Real;

/// x, y, z.
pub type Vec3 = [Real; 3];
/// Unit quaternion x, y, z, w.
pub type Quat = [Real; 4];
/// Symmetric 3×3 matrix: xx, yy, zz, xy, xz, yz.
pub type Sym3 = [Real; 6];

/// No rotation.
pub const IDENTITY: Quat = [0.0, 0.0, 0.0, 1.0];

/// Sum.
#[inline(always)]
pub fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Difference.
#[inline(always)]
pub fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Each component times `s`.
#[inline(always)]
pub fn scale(a: Vec3, s: Real) -> Vec3 {
    [a[0] * s, a[1] * s, a[2] * s]
}

/// `a + b·s`.
#[inline(always)]
pub fn add_scaled(a: Vec3, b: Vec3, s: Real) -> Vec3 {
    [a[0] + b[0] * s, a[1] + b[1] * s, a[2] + b[2] * s]
}

/// The opposite vector.
#[inline(always)]
pub fn negate(a: Vec3) -> Vec3 {
    [-a[0], -a[1], -a[2]]
}

/// Inner product.
#[inline(always)]
pub fn dot(a: Vec3, b: Vec3) -> Real {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Cross product.
#[inline(always)]
pub fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Euclidean length.
#[inline(always)]
pub fn length(a: Vec3) -> Real {
    dot(a, a).sqrt()
}

/// `a` over its length, or `fallback` where that is zero or not finite.
#[inline(always)]
pub fn normalize_or(a: Vec3, fallback: Vec3) -> Vec3 {
    let l = length(a);
    if l > 0.0 && l < Real::INFINITY {
        scale(a, 1.0 / l)
    } else {
        fallback
    }
}

/// Magnitudes of the components.
#[inline(always)]
pub fn abs(a: Vec3) -> Vec3 {
    [a[0].abs(), a[1].abs(), a[2].abs()]
}

/// A unit vector at right angles to the unit vector `n`, the same for the same `n` (Duff et al. 2017, *Building an Orthonormal Basis, Revisited*).
#[inline(always)]
pub fn perpendicular(n: Vec3) -> Vec3 {
    let sign: Real = if n[2] < 0.0 { -1.0 } else { 1.0 };
    let a = -1.0 / (sign + n[2]);
    let b = n[0] * n[1] * a;
    [1.0 + sign * n[0] * n[0] * a, sign * b, -sign * n[0]]
}

/// `v` turned by `q`.
#[inline(always)]
pub fn rotate(q: Quat, v: Vec3) -> Vec3 {
    let u = [q[0], q[1], q[2]];
    let t = scale(cross(u, v), 2.0);
    add(add_scaled(v, t, q[3]), cross(u, t))
}

/// `v` turned back by `q`.
#[inline(always)]
pub fn unrotate(q: Quat, v: Vec3) -> Vec3 {
    rotate(conjugate(q), v)
}

/// The inverse of a unit quaternion.
#[inline(always)]
pub fn conjugate(q: Quat) -> Quat {
    [-q[0], -q[1], -q[2], q[3]]
}

/// First `b`, then `a`.
#[inline(always)]
pub fn multiply(a: Quat, b: Quat) -> Quat {
    [
        a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
        a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
        a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
        a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
    ]
}

/// `q` at length one; no rotation where it has none.
#[inline(always)]
pub fn normalize_quat(q: Quat) -> Quat {
    let l = (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).sqrt();
    if l > 0.0 && l < Real::INFINITY {
        let s = 1.0 / l;
        [q[0] * s, q[1] * s, q[2] * s, q[3] * s]
    } else {
        IDENTITY
    }
}

/// Columns of the rotation matrix of `q`: the turned x, y and z axes.
#[inline(always)]
pub fn axes(q: Quat) -> [Vec3; 3] {
    let [x, y, z, w] = q;
    let (x2, y2, z2) = (x + x, y + y, z + z);
    let (xx, yy, zz, xy, xz, yz, wx, wy, wz) = (x * x2, y * y2, z * z2, x * y2, x * z2, y * z2, w * x2, w * y2, w * z2);
    [[1.0 - (yy + zz), xy + wz, xz - wy], [xy - wz, 1.0 - (xx + zz), yz + wx], [xz + wy, yz - wx, 1.0 - (xx + yy)]]
}

/// Where a frame is and how it is turned.
#[derive(Clone, Copy, Debug)]
pub struct Pose {
    /// Origin.
    pub position: Vec3,
    /// Orientation, of length one.
    pub rotation: Quat,
}

impl Pose {
    /// The frame itself.
    pub const ORIGIN: Self = Self { position: [0.0; 3], rotation: IDENTITY };

    /// A point of the frame, seen from outside.
    #[inline(always)]
    pub fn point(&self, p: Vec3) -> Vec3 {
        add(self.position, rotate(self.rotation, p))
    }
    /// An outside point, seen from the frame.
    #[inline(always)]
    pub fn unpoint(&self, p: Vec3) -> Vec3 {
        unrotate(self.rotation, sub(p, self.position))
    }
    /// `other`, seen from this frame.
    #[inline(always)]
    pub fn to_local(&self, other: &Pose) -> Pose {
        Pose { position: self.unpoint(other.position), rotation: multiply(conjugate(self.rotation), other.rotation) }
    }
    /// `inner`, a pose in this frame, seen from outside.
    #[inline(always)]
    pub fn compose(&self, inner: &Pose) -> Pose {
        Pose { position: self.point(inner.position), rotation: multiply(self.rotation, inner.rotation) }
    }
    /// The outside, seen from the frame.
    #[inline(always)]
    pub fn inverse(&self) -> Pose {
        let rotation = conjugate(self.rotation);
        Pose { position: negate(rotate(rotation, self.position)), rotation }
    }
}

/// Matrix times vector.
#[inline(always)]
pub fn transform(m: &Sym3, v: Vec3) -> Vec3 {
    [m[0] * v[0] + m[3] * v[1] + m[4] * v[2], m[3] * v[0] + m[1] * v[1] + m[5] * v[2], m[4] * v[0] + m[5] * v[1] + m[2] * v[2]]
}

/// `R m Rᵀ`: a tensor of the body frame in the world frame.
#[inline(always)]
pub fn turned(m: &Sym3, q: Quat) -> Sym3 {
    let [a, b, c] = axes(q);
    // Columns of m Rᵀ: what m makes of the rows of R.
    let row = |i: usize| transform(m, [a[i], b[i], c[i]]);
    let (x, y, z) = (row(0), row(1), row(2));
    let element = |i: usize, v: Vec3| a[i] * v[0] + b[i] * v[1] + c[i] * v[2];
    [element(0, x), element(1, y), element(2, z), element(0, y), element(0, z), element(1, z)]
}

/// Inverse of a symmetric matrix; zero where it has none.
#[inline(always)]
pub fn inverse(m: &Sym3) -> Sym3 {
    let [xx, yy, zz, xy, xz, yz] = *m;
    let (a, b, c) = (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy);
    let determinant = xx * a + xy * b + xz * c;
    let s = if determinant != 0.0 { 1.0 / determinant } else { 0.0 };
    [a * s, (xx * zz - xz * xz) * s, (xx * yy - xy * xy) * s, b * s, c * s, (xy * xz - xx * yz) * s]
}
