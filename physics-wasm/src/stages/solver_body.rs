//! Bodies while they are solved: copied in with the velocity before the kick, kicked and moved in sub-steps, copied back.
//!
//! What the constraints read and write is one line (`solver`), the rest lies apart (`solver_frame`). What rests shares slot 0.
//!
//! A kick gives the body what the constraints gave it in the sub-step before: the velocity since the last kick. That is what warm starting every
//! constraint would add up to, without a pass over them; only the first sub-step has to ask the constraints.

use super::integrate_velocities::inverse_inertia;
use super::shown;
use crate::geometry::spin::{isotropic, tumble, turn};
use crate::geometry::vector::*;
use crate::layout::{SOLVER_BODY, SOLVER_FRAME};
use crate::shapes;
use crate::wide::{Real, Real4};
use crate::world::{counter, flag, World};

/// Rows of a frame: the orientation …
const ORIENTATION: usize = 1;
/// … the inverse inertia, two rows …
const INERTIA: usize = 2;
/// … the acceleration and the angular one …
const ACCELERATION: usize = 4;
/// … the velocity and the angular velocity after the last kick.
pub const KICKED: [usize; 2] = [0, 6];

/// Bodies whose orientation the solver moves too.
pub const FRAMED: u32 = flag::SHAPED | flag::JOINTED;

fn row(world: &World, slot: usize, index: usize, v: [Real; 4]) {
    world.columns.solver.store(slot * SOLVER_BODY + 4 * index, Real4::from_array(v));
}

fn frame_row(world: &World, slot: usize, index: usize, v: [Real; 4]) {
    world.columns.solver_frame.store(slot * SOLVER_FRAME + 4 * index, Real4::from_array(v));
}

fn three(world: &World, slot: usize, index: usize) -> Vec3 {
    let at = slot * SOLVER_BODY + 4 * index;
    [world.columns.solver.get(at), world.columns.solver.get(at + 1), world.columns.solver.get(at + 2)]
}

/// Inverse inertia of body `e` in the world frame; zero about locked axes.
pub fn world_inverse_inertia(world: &World, e: usize) -> Sym3 {
    inverse_inertia_at(world, e, shapes::body_pose(world, e).rotation)
}

/// The same for the body of a slot as it is turned in this sub-step; zero for what impulses do not move.
pub fn inverse_inertia_now(world: &World, slot: usize) -> Sym3 {
    if world.columns.solver.get(slot * SOLVER_BODY + 3) <= 0.0 {
        return [0.0; 6];
    }
    inverse_inertia_at(world, world.columns.solver_id.get(slot) as usize, orientation(world, slot))
}

/// Orientation of a slot's body in this sub-step.
fn orientation(world: &World, slot: usize) -> Quat {
    core::array::from_fn(|k| world.columns.solver_frame.get(slot * SOLVER_FRAME + 4 * ORIENTATION + k))
}

/// v·m·v' + ω·I·ω' for two velocities and spins of a slot's body; 0 for what impulses do not move.
#[inline(never)]
pub fn energy_product(world: &World, slot: usize, [v, w]: [Vec3; 2], [v2, w2]: [Vec3; 2]) -> Real {
    let c = &world.columns;
    if c.solver.get(slot * SOLVER_BODY + 3) <= 0.0 {
        return 0.0;
    }
    let e = c.solver_id.get(slot) as usize;
    let q = orientation(world, slot);
    let unit = if c.live.get(e) & flag::SHAPED == 0 {
        let i = 0.4 * c.radius.get(e) * c.radius.get(e);
        [i, i, i, 0.0, 0.0, 0.0]
    } else {
        shapes::unit_inertia(world, c.shape.get(e) as usize)
    };
    c.mass.get(e) * (dot(v, v2) + dot(unrotate(q, w), transform(&unit, unrotate(q, w2))))
}

/// Velocity (0) or spin (1) of a slot's body after the last kick, without what constraints gave.
#[inline(never)]
pub fn kicked(world: &World, slot: usize, index: usize) -> Vec3 {
    core::array::from_fn(|k| world.columns.solver_frame.get(slot * SOLVER_FRAME + 4 * KICKED[index] + k))
}

/// Counts `by` as of before the kick: it is not repeated by the next one.
#[inline(never)]
pub fn forget_given(world: &World, slot: usize, by: [Vec3; 2]) {
    for (index, v) in by.into_iter().enumerate() {
        let at = slot * SOLVER_FRAME + 4 * KICKED[index];
        let f = &world.columns.solver_frame;
        f.store(at, f.load(at) + Real4::from_array([v[0], v[1], v[2], 0.0]));
    }
}

/// Acceleration of a slot's body, and how far it has come in this step.
#[inline(never)]
pub fn pull_and_way(world: &World, slot: usize) -> [Vec3; 2] {
    let pull = core::array::from_fn(|k| world.columns.solver_frame.get(slot * SOLVER_FRAME + 4 * ACCELERATION + k));
    [pull, three(world, slot, 2)]
}

#[inline(never)]
fn inverse_inertia_at(world: &World, e: usize, rotation: Quat) -> Sym3 {
    let c = &world.columns;
    let live = c.live.get(e);
    let mass = c.mass.get(e);
    let mut inverse = if live & flag::SHAPED == 0 {
        let i = inverse_inertia(Real4::splat(mass), Real4::splat(c.radius.get(e))).to_array()[0];
        [i, i, i, 0.0, 0.0, 0.0]
    } else {
        let shape = c.shape.get(e) as usize;
        let local = shapes::inverse_unit_inertia(world, shape).map(|v| v / mass);
        turned(&local, rotation)
    };
    for (axis, entries) in [[0, 3, 4], [1, 3, 5], [2, 4, 5]].into_iter().enumerate() {
        if live & (LOCK_X[1] << axis) != 0 {
            entries.into_iter().for_each(|k| inverse[k] = 0.0);
        }
    }
    inverse
}

/// The components of `v` that the locks leave, `first` being the flag of x.
pub fn unlocked(live: u32, first: u32, v: Vec3) -> Vec3 {
    core::array::from_fn(|axis| if live & (first << axis) != 0 { 0.0 } else { v[axis] })
}
/// Flag of the first linear and the first angular lock.
pub const LOCK_X: [u32; 2] = [1 << flag::LOCK_LINEAR.trailing_zeros(), 1 << flag::LOCK_ANGULAR.trailing_zeros()];

/// Copies a body into its slot, with the velocity it had before the kick. Slot 0 rests for ever.
pub fn prepare(world: &World, slot: usize) {
    let c = &world.columns;
    if slot == 0 {
        (0..4).for_each(|index| row(world, slot, index, [0.0; 4]));
        (0..7).for_each(|index| frame_row(world, slot, index, [0.0; 4]));
        frame_row(world, slot, ORIENTATION, IDENTITY);
        return;
    }
    let e = c.solver_id.get(slot) as usize;
    let dt = world.parameters.dt;
    let dynamic = c.live.get(e) & flag::DYNAMIC != 0;
    let mass = c.mass.get(e);
    let inertia = inverse_inertia(Real4::splat(mass), Real4::splat(c.radius.get(e))).to_array()[0];
    let a = [c.acceleration_x.get(e), c.acceleration_y.get(e), c.acceleration_z.get(e)];
    let torque = [c.torque_x.get(e), c.torque_y.get(e), c.torque_z.get(e)];
    let mut alpha = if dynamic { scale(torque, inertia) } else { [0.0; 3] };
    if world.parameters.framed {
        prepare_frame(world, slot, e, dynamic.then_some(torque), &mut alpha);
    }
    let v = [c.velocity_x.get(e), c.velocity_y.get(e), c.velocity_z.get(e)];
    let w = [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)];
    let back = |axis: usize, now: &[Real; 3], rate: &[Real; 3]| now[axis] - rate[axis] * dt;
    row(world, slot, 0, [back(0, &v, &a), back(1, &v, &a), back(2, &v, &a), if dynamic { 1.0 / mass } else { 0.0 }]);
    row(world, slot, 1, [back(0, &w, &alpha), back(1, &w, &alpha), back(2, &w, &alpha), if dynamic { inertia } else { 0.0 }]);
    row(world, slot, 2, [0.0; 4]);
    row(world, slot, 3, [0.0; 4]);
    frame_row(world, slot, ACCELERATION, [a[0], a[1], a[2], 0.0]);
    frame_row(world, slot, ACCELERATION + 1, [alpha[0], alpha[1], alpha[2], 0.0]);
}

/// The rows of a body's frame; its angular acceleration by the whole tensor. `torque` is absent for what forces do not move.
fn prepare_frame(world: &World, slot: usize, e: usize, torque: Option<Vec3>, alpha: &mut Vec3) {
    let mut inverse = [0.0; 6];
    if let Some(torque) = torque {
        inverse = world_inverse_inertia(world, e);
        *alpha = transform(&inverse, torque);
    }
    frame_row(world, slot, ORIENTATION, shapes::body_pose(world, e).rotation);
    frame_row(world, slot, INERTIA, [inverse[0], inverse[1], inverse[2], inverse[3]]);
    frame_row(world, slot, INERTIA + 1, [inverse[4], inverse[5], 0.0, 0.0]);
}

/// v += h·a, ω += h·α, and, but for the first time, what the constraints of the last sub-step gave.
#[inline(always)]
pub fn kick(world: &World, slot: usize, h: Real, first: bool) {
    let (s, f) = (&world.columns.solver, &world.columns.solver_frame);
    let (at, frame, h) = (slot * SOLVER_BODY, slot * SOLVER_FRAME, Real4::splat(h));
    for (index, kicked) in KICKED.into_iter().enumerate() {
        let (at, kicked) = (at + 4 * index, frame + 4 * kicked);
        let now = s.load(at);
        let kick = f.load(frame + 4 * (ACCELERATION + index)) * h;
        let pushed = now + kick;
        if first {
            s.store(at, pushed);
        } else {
            // The fourth lane is a mass: it is the same in both and cancels.
            s.store(at, pushed + (now - f.load(kicked)));
        }
        f.store(kicked, pushed);
    }
}

/// Displacement += h·v. The fourth lane gathers nonsense that nothing reads.
#[inline(always)]
pub fn drift(world: &World, slot: usize, h: Real) {
    let (s, at) = (&world.columns.solver, slot * SOLVER_BODY);
    if world.parameters.framed && slot != 0 {
        drift_frame(world, slot, h);
    }
    s.store(at + 8, s.load(at + 8) + s.load(at) * Real4::splat(h));
}

/// The turn so far and the orientation; locked axes lose their velocity.
fn drift_frame(world: &World, slot: usize, h: Real) {
    let c = &world.columns;
    let e = c.solver_id.get(slot) as usize;
    let live = c.live.get(e);
    hold_locks(world, slot, live);
    let (turned, f) = (slot * SOLVER_BODY + 12, slot * SOLVER_FRAME);
    let w = three(world, slot, 1);
    c.solver.store(turned, c.solver.load(turned) + Real4::from_array([w[0], w[1], w[2], 0.0]) * Real4::splat(h));
    if live & FRAMED == 0 {
        return;
    }
    let q = core::array::from_fn(|k| c.solver_frame.get(f + 4 + k));
    let shape = c.shape.get(e) as usize;
    if live & flag::SHAPED == 0 || live & flag::DYNAMIC == 0 || isotropic(&shapes::unit_inertia(world, shape)) {
        frame_row(world, slot, ORIENTATION, turn(q, w, h));
        return;
    }
    let (q, w) = tumble(q, w, h, &shapes::unit_inertia(world, shape), &shapes::inverse_unit_inertia(world, shape));
    frame_row(world, slot, ORIENTATION, q);
    change(world, slot, 1, w);
    hold_locks(world, slot, live);
}

#[inline(never)]
fn hold_locks(world: &World, slot: usize, live: u32) {
    if live & flag::LOCKS == 0 {
        return;
    }
    for (index, first) in LOCK_X.into_iter().enumerate() {
        change(world, slot, index, unlocked(live, first, three(world, slot, index)));
    }
}

/// Changes a velocity (0) or an angular one (1) without making it look like the work of constraints.
fn change(world: &World, slot: usize, index: usize, v: Vec3) {
    let (s, f) = (&world.columns.solver, &world.columns.solver_frame);
    let (at, kicked) = (slot * SOLVER_BODY + 4 * index, slot * SOLVER_FRAME + 4 * KICKED[index]);
    let new = Real4::from_array([v[0], v[1], v[2], s.get(at + 3)]);
    f.store(kicked, f.load(kicked) + (new - s.load(at)));
    s.store(at, new);
}

/// Writes a dynamic body's velocity and displacement back to its columns.
pub fn finish(world: &World, slot: usize) {
    let c = &world.columns;
    let e = c.solver_id.get(slot) as usize;
    if slot == 0 || c.live.get(e) & flag::DYNAMIC == 0 {
        return;
    }
    if world.parameters.framed {
        hold_locks(world, slot, c.live.get(e));
        if c.live.get(e) & FRAMED != 0 {
            let q = |k: usize| c.solver_frame.get(slot * SOLVER_FRAME + 4 + k);
            c.rotation_x.set(e, q(0));
            c.rotation_y.set(e, q(1));
            c.rotation_z.set(e, q(2));
            c.rotation_w.set(e, q(3));
            shown::note_turn(world, e, three(world, slot, 3));
        }
    }
    let value = |index: usize| c.solver.get(slot * SOLVER_BODY + index);
    c.velocity_x.set(e, value(0));
    c.velocity_y.set(e, value(1));
    c.velocity_z.set(e, value(2));
    c.angular_x.set(e, value(4));
    c.angular_y.set(e, value(5));
    c.angular_z.set(e, value(6));
    if world.count(counter::BULLETS) > 0 {
        c.start_x.set(e, c.position_x.get(e));
        c.start_y.set(e, c.position_y.get(e));
        c.start_z.set(e, c.position_z.get(e));
    }
    shown::note(world, e, [value(8), value(9), value(10)]);
    c.position_x.set(e, c.position_x.get(e) + value(8));
    c.position_y.set(e, c.position_y.get(e) + value(9));
    c.position_z.set(e, c.position_z.get(e) + value(10));
}
