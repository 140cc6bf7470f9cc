//! Between steps a body is drawn where it was some share of the last step ago: what the step moved and turned it, taken back in part. Not a copy
//! of the pose before the step, so whoever puts a body elsewhere between steps sees it there at once, without a smear; and not its velocity, so
//! what bounced or was pushed in the meantime is drawn on the path that it took.
//!
//! Steps keep this from the first time on that somebody draws between steps (setting `SHOWN`); until then velocities must do.

use crate::geometry::vector::Vec3;
use crate::wide::{Real, Real4, Vector4, Word4};
use crate::world::{flag, World};

/// Keeps how far a body moved in this step.
pub fn note(world: &World, e: usize, moved: Vec3) {
    let c = &world.columns;
    if world.parameters.shown {
        for (column, v) in [&c.moved_x, &c.moved_y, &c.moved_z].into_iter().zip(moved) {
            column.set(e, v);
        }
    }
}

/// Keeps how a body turned in this step.
pub fn note_turn(world: &World, e: usize, turned: Vec3) {
    let c = &world.columns;
    if world.parameters.shown {
        for (column, v) in [&c.turned_x, &c.turned_y, &c.turned_z].into_iter().zip(turned) {
            column.set(e, v);
        }
    }
}

/// Takes position and rotation, the first seven of `pose`, of the entities from `at` on back by `share` of what the last step did to them. Only
/// bodies that took part in it have moved. q ← normalise(q − ½ share (turned, 0) ⊗ q) is what undoes the step's own turn.
#[inline(always)]
pub fn take_back(world: &World, at: usize, share: Real, pose: &mut [Real4]) {
    let c = &world.columns;
    let moved = (c.live.load(at) & c.flags.load(at) & Word4::splat(flag::DYNAMIC | flag::KINEMATIC)).has(u32::MAX);
    if !world.parameters.moved || !moved.any() {
        return;
    }
    let ([x, y, z], [wx, wy, wz], share) = if world.parameters.shown {
        ([&c.moved_x, &c.moved_y, &c.moved_z], [&c.turned_x, &c.turned_y, &c.turned_z], share)
    } else {
        let velocity = [&c.velocity_x, &c.velocity_y, &c.velocity_z];
        (velocity, [&c.angular_x, &c.angular_y, &c.angular_z], share * world.parameters.dt)
    };
    let (back, half) = (Real4::splat(share), Real4::splat(-0.5 * share));
    for (k, column) in [x, y, z].into_iter().enumerate() {
        pose[k] = moved.select(pose[k] - column.load(at) * back, pose[k]);
    }
    let w = Vector4::new(wx.load(at), wy.load(at), wz.load(at)).scale(half);
    let (q, s) = (Vector4::new(pose[3], pose[4], pose[5]), pose[6]);
    let turned = q + w.scale(s) + w.cross(q);
    let real = s - w.dot(q);
    let length2 = turned.dot(turned) + real * real;
    let sound = moved & length2.gt(Real4::splat(0.0));
    let inverse = Real4::splat(1.0) / length2.sqrt();
    let turned = turned.scale(inverse).select(sound, q);
    (pose[3], pose[4], pose[5]) = (turned.x, turned.y, turned.z);
    pose[6] = sound.select(real * inverse, s);
}
