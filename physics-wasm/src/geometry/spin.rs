//! Turning a rigid body: orientations by ω, and the free motion of a body whose moments of inertia differ.

use super::vector::*;
use crate::wide::Real;

/// q ← normalise(q + ½ h (ω, 0) ⊗ q). (Rapier and Box3D integrate orientations the same way.)
#[inline(always)]
pub fn turn(q: Quat, w: Vec3, h: Real) -> Quat {
    let half = 0.5 * h;
    let dq = multiply([w[0] * half, w[1] * half, w[2] * half, 0.0], q);
    normalize_quat([q[0] + dq[0], q[1] + dq[1], q[2] + dq[2], q[3] + dq[3]])
}

/// Whether a tensor is the same about every axis.
#[inline(always)]
pub fn isotropic(i: &Sym3) -> bool {
    i[0] == i[1] && i[1] == i[2] && i[3] == 0.0 && i[4] == 0.0 && i[5] == 0.0
}

/// A step of free rotation: the angular momentum stays what it is in the world frame, the angular velocity follows the body's new attitude.
/// Midpoint rule, so the Dzhanibekov flip comes out at any usual step. `inertia` and `inverse` are the body's, per unit mass or not.
#[inline(always)]
pub fn tumble(q: Quat, w: Vec3, h: Real, inertia: &Sym3, inverse: &Sym3) -> (Quat, Vec3) {
    let momentum = rotate(q, transform(inertia, unrotate(q, w)));
    let velocity = |q: Quat| rotate(q, transform(inverse, unrotate(q, momentum)));
    let middle = turn(q, w, 0.5 * h);
    let end = turn(q, velocity(middle), h);
    let w = velocity(end);
    // The product of the rounded tensors is not quite one: taken at every step, that would let the momentum drift.
    let error = sub(momentum, rotate(end, transform(inertia, unrotate(end, w))));
    (end, add(w, rotate(end, transform(inverse, unrotate(end, error)))))
}
