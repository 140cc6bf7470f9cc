//! Bullets that are no spheres, and what bullets hit that is none: casts of convex parts along the path, and the impulse of a hit.
//!
//! A bullet keeps its orientation while it flies through a step, and so does its target.

use super::collide::velocity;
use super::solve::bounciness;
use super::solver_body::world_inverse_inertia;
use super::sweep_flight::Hit;
use crate::geometry::cast::cast;
use crate::geometry::convex::{bounds, support, Convex};
use crate::geometry::vector::*;
use crate::shapes::{self, kind};
use crate::wide::Real;
use crate::world::{flag, World};

/// The first meeting of a bullet with a body, both at their `starts`, the bullet going along `path` as the body sees it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn meet(world: &World, [bullet, other]: [usize; 2], starts: [Vec3; 2], path: Vec3) -> Option<Hit> {
    let turn = |e: usize| shapes::body_pose(world, e).rotation;
    let target = Pose { position: starts[1], rotation: turn(other) };
    let relative = target.to_local(&Pose { position: starts[0], rotation: turn(bullet) });
    let path = unrotate(target.rotation, path);
    let mut best: Option<Hit> = None;
    // What leaves a body or slides along it is no hit, but it is still in a sensor.
    let sensor = world.columns.live.get(other) & flag::SENSOR != 0;
    let mut take = |shape: &Convex, inner: &Pose, part: &Convex, at: &Pose| {
        let seen = inner.inverse();
        let Some(meeting) = cast(shape, part, &seen.compose(at), rotate(seen.rotation, path)) else { return };
        if best.as_ref().is_some_and(|hit| hit.time <= meeting.share) {
            return;
        }
        let normal = rotate(target.rotation, rotate(inner.rotation, meeting.normal));
        if sensor || dot(normal, rotate(target.rotation, path)) < 0.0 {
            let point = Some(target.point(inner.point(meeting.point)));
            best = Some(Hit { other: other as u32, time: meeting.share, normal, point, carried: [0.0; 3] });
        }
    };
    each_part(world, bullet, &mut |part, pose| {
        let at = relative.compose(pose);
        if is_level(world, other) {
            let own = bounds(part, at.rotation);
            let low: Vec3 = core::array::from_fn(|i| at.position[i] + own.low[i] + path[i].min(0.0));
            let high: Vec3 = core::array::from_fn(|i| at.position[i] + own.high[i] + path[i].max(0.0));
            let shape = world.columns.shape.get(other) as usize;
            shapes::for_each_triangle(world, shape, low, high, |_, triangle| take(&Convex::Triangle(triangle), &Pose::ORIGIN, part, &at));
        } else {
            each_part(world, other, &mut |shape, inner| take(shape, inner, part, &at));
        }
    });
    best
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn is_level(world: &World, e: usize) -> bool {
    world.columns.live.get(e) & flag::SHAPED != 0
        && matches!(shapes::kind_of(world, world.columns.shape.get(e) as usize), kind::MESH | kind::HEIGHT_FIELD)
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
#[inline(never)]
fn each_part(world: &World, e: usize, visit: &mut dyn FnMut(&Convex, &Pose)) {
    if let Some(convex) = shapes::body_convex(world, e) {
        return visit(&convex, &Pose::ORIGIN);
    }
    let shape = world.columns.shape.get(e) as usize;
    if shapes::kind_of(world, shape) == kind::COMPOUND {
        for k in 0..shapes::child_count(world, shape) {
            let (convex, pose) = shapes::child(world, shape, k);
            visit(&convex, &pose);
        }
    }
}

/// How far a shaped bullet reaches against `normal` from its position.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn depth(world: &World, bullet: usize, normal: Vec3) -> Real {
    let turn = shapes::body_pose(world, bullet).rotation;
    let mut deepest = 0.0;
    each_part(world, bullet, &mut |part, pose| {
        let down = unrotate(pose.rotation, unrotate(turn, negate(normal)));
        let low = rotate(turn, pose.point(support(part, down)));
        deepest = (-dot(normal, low)).max(deepest);
    });
    deepest
}

/// What forces move, asleep or not: a sleeper wakes by the velocity that it gets.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn inverse_mass(world: &World, e: usize) -> Real {
    if world.columns.live.get(e) & (flag::DYNAMIC | flag::ASLEEP) != 0 {
        1.0 / world.columns.mass.get(e)
    } else {
        0.0
    }
}

/// Whether a hit turns the body: spheres are hit straight at their centre, since hits have no friction.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn turns(world: &World, e: usize) -> bool {
    world.columns.live.get(e) & flag::SHAPED != 0 && inverse_mass(world, e) > 0.0
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn arm(world: &World, e: usize, point: Vec3) -> Vec3 {
    sub(point, shapes::body_pose(world, e).position)
}

/// The impulse along the normal, from the body to the bullet, of a hit at `point`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn impulse(world: &World, ends: [usize; 2], normal: Vec3, point: Vec3) -> Real {
    let c = &world.columns;
    let (mut masses, mut speed) = (0.0, 0.0);
    for (e, sign) in ends.into_iter().zip([1.0, -1.0]) {
        masses += inverse_mass(world, e);
        speed += sign * dot(normal, velocity(world, e));
        if turns(world, e) {
            let lever = cross(arm(world, e, point), normal);
            masses += dot(lever, transform(&world_inverse_inertia(world, e), lever));
            speed += sign * dot(lever, [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)]);
        }
    }
    if masses > 0.0 {
        ((1.0 + bounciness(world, ends[0], ends[1])) * -speed / masses).max(0.0)
    } else {
        0.0
    }
}

/// Gives a body an impulse at a point.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn push(world: &World, e: usize, impulse: Vec3, point: Vec3) {
    let c = &world.columns;
    let inverse = inverse_mass(world, e);
    if inverse == 0.0 {
        return;
    }
    c.velocity_x.set(e, c.velocity_x.get(e) + impulse[0] * inverse);
    c.velocity_y.set(e, c.velocity_y.get(e) + impulse[1] * inverse);
    c.velocity_z.set(e, c.velocity_z.get(e) + impulse[2] * inverse);
    if turns(world, e) {
        let spin = transform(&world_inverse_inertia(world, e), cross(arm(world, e, point), impulse));
        c.angular_x.set(e, c.angular_x.get(e) + spin[0]);
        c.angular_y.set(e, c.angular_y.get(e) + spin[1]);
        c.angular_z.set(e, c.angular_z.get(e) + spin[2]);
    }
}
