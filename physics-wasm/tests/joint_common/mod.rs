//! Worlds with joints for host tests: joints written as `engine/joints/joint.ts` writes them.

#![allow(dead_code)]

use super::common::{capacity, create, sphere, Owned};
use kernel::geometry::vector::*;
use kernel::layout::{JOINT_REALS, JOINT_STATE};
use kernel::stages::joint::{bit, kind, parameter as p, state};
use kernel::wide::Real;
use kernel::world::{flag, setting, World};

/// What the tests set of a joint; anchors and axis in world coordinates.
#[derive(Clone, Copy)]
pub struct Desc {
    pub kind: u32,
    pub a: usize,
    pub b: usize,
    pub anchor_a: Vec3,
    pub anchor_b: Vec3,
    pub axis: Vec3,
    pub flags: u32,
    pub numbers: [(usize, Real); 8],
}

/// A joint of a kind between a and b at a point.
pub fn joint(kind: u32, a: usize, b: usize, at: Vec3, axis: Vec3) -> Desc {
    Desc { kind, a, b, anchor_a: at, anchor_b: at, axis, flags: 0, numbers: [(p::USED - 1, 0.0); 8] }
}

impl Desc {
    pub fn with(mut self, flags: u32, numbers: &[(usize, Real)]) -> Self {
        self.flags |= flags;
        for number in numbers {
            let free = self.numbers.iter().position(|n| n.0 == p::USED - 1).unwrap();
            self.numbers[free] = *number;
        }
        self
    }
    pub fn to(mut self, anchor_b: Vec3) -> Self {
        self.anchor_b = anchor_b;
        self
    }
}

pub fn pose(world: &World, e: usize) -> Pose {
    let c = &world.columns;
    Pose {
        position: [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)],
        rotation: [c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e)],
    }
}

/// The rotation that takes x to `axis`.
pub fn frame(axis: Vec3) -> Quat {
    let axis = normalize_or(axis, [1.0, 0.0, 0.0]);
    if axis[0] < -0.9999 {
        return [0.0, 0.0, 1.0, 0.0];
    }
    normalize_quat([0.0, -axis[2], axis[1], 1.0 + axis[0]])
}

/// Writes joint number `j`.
pub fn put(world: &World, j: usize, d: &Desc) {
    let c = &world.columns;
    let (pa, pb) = (pose(world, d.a), pose(world, d.b));
    c.joint_kind.set(j, d.kind);
    c.joint_a.set(j, d.a as u32);
    c.joint_b.set(j, d.b as u32);
    c.joint_flags.set(j, d.flags);
    c.joint_state.fill(j * JOINT_STATE, JOINT_STATE, 0.0);
    c.joint_real.fill(j * JOINT_REALS, JOINT_REALS, 0.0);
    let put = |at: usize, values: &[Real]| values.iter().enumerate().for_each(|(k, v)| c.joint_real.set(j * JOINT_REALS + at + k, *v));
    let f = frame(d.axis);
    put(p::ANCHOR_A, &pa.unpoint(d.anchor_a));
    put(p::FRAME_A, &multiply(conjugate(pa.rotation), f));
    put(p::ANCHOR_B, &pb.unpoint(d.anchor_b));
    put(p::FRAME_B, &multiply(conjugate(pb.rotation), f));
    for (at, value) in d.numbers {
        put(at, &[value]);
    }
    for e in [d.a, d.b] {
        c.flags.set(e, c.flags.get(e) | flag::JOINTED);
    }
    c.settings.set(setting::JOINTS, c.settings.get(setting::JOINTS).max(j as f64 + 1.0));
}

/// A ball of mass `m` and radius `r`; mass 0 makes it static.
pub fn ball(world: &World, e: usize, at: Vec3, m: Real, r: Real) {
    sphere(world, e, at, [0.0; 3], r, if m > 0.0 { flag::DYNAMIC } else { 0 });
    world.columns.mass.set(e, if m > 0.0 { m } else { 1.0 });
    world.columns.mask.set(e, 0);
}

/// A world for a hundred bodies, with gravity along y.
pub fn world(gravity: Real) -> Owned {
    let owned = create(capacity(1000));
    owned.world.columns.settings.set(setting::GRAVITY_Y, gravity as f64);
    owned
}

/// One step.
pub fn step(owned: &mut Owned, dt: Real) {
    step_on(owned, dt, 1);
}

/// One step on several threads.
pub fn step_on(owned: &mut Owned, dt: Real, threads: u32) {
    super::common::step(owned, dt, threads);
}

/// How far apart the anchors of a joint are.
pub fn gap(world: &World, j: usize) -> Real {
    length(apart(world, j))
}

/// From a's anchor to b's.
pub fn apart(world: &World, j: usize) -> Vec3 {
    let c = &world.columns;
    let (a, b) = (c.joint_a.get(j) as usize, c.joint_b.get(j) as usize);
    let real = |k: usize| c.joint_real.get(j * JOINT_REALS + k);
    let three = |k: usize| [real(k), real(k + 1), real(k + 2)];
    sub(pose(world, b).point(three(p::ANCHOR_B)), pose(world, a).point(three(p::ANCHOR_A)))
}

/// b's frame seen from a's.
pub fn turn(world: &World, j: usize) -> Quat {
    let c = &world.columns;
    let (a, b) = (c.joint_a.get(j) as usize, c.joint_b.get(j) as usize);
    let four = |k: usize| core::array::from_fn(|i| c.joint_real.get(j * JOINT_REALS + k + i));
    let (fa, fb) = (multiply(pose(world, a).rotation, four(p::FRAME_A)), multiply(pose(world, b).rotation, four(p::FRAME_B)));
    multiply(conjugate(fa), fb)
}

/// Twist about the axis, rad.
pub fn twist(world: &World, j: usize) -> f64 {
    let q = turn(world, j).map(|v| v as f64);
    let angle = 2.0 * q[0].atan2(q[3]);
    if angle > std::f64::consts::PI {
        angle - std::f64::consts::TAU
    } else if angle < -std::f64::consts::PI {
        angle + std::f64::consts::TAU
    } else {
        angle
    }
}

/// Angle between the two axes, rad.
pub fn swing(world: &World, j: usize) -> f64 {
    let q = turn(world, j).map(|v| v as f64);
    2.0 * q[1].hypot(q[2]).atan2(q[0].hypot(q[3]))
}

/// Force on b in the last step.
pub fn force(world: &World, j: usize) -> Vec3 {
    core::array::from_fn(|k| world.columns.joint_state.get(j * JOINT_STATE + state::FORCE + k))
}

/// Torque on b in the last step.
pub fn torque(world: &World, j: usize) -> Vec3 {
    core::array::from_fn(|k| world.columns.joint_state.get(j * JOINT_STATE + state::TORQUE + k))
}

pub const DT: Real = 1.0 / 60.0;
pub const BALL: u32 = kind::BALL;
pub const LIMITED: u32 = bit::LIMITED;
