//! Joints: their records, what a step reads of them, what it leaves.
//!
//! A joint has a frame on each body: an anchor and a rotation. The x axis of a's frame is the joint's axis: the hinge's, the slider's, the
//! middle of the cone. Kinds differ only in which rows they have, so that four of any kinds go side by side (`joint_rows`):
//!
//! | kind | anchors | directions | along or about the axis |
//! |---|---|---|---|
//! | fixed | 3 rows | 3 rows | |
//! | ball | 3 rows | | limits of the twist; the cone |
//! | hinge | 3 rows | 2 rows | limits and motor of the angle |
//! | slider | 2 rows | 3 rows | limits and motor of the translation |
//! | distance | | | limits of the distance, soft with a spring |
//!
//! A block of wide joints writes its own records, the solver bodies of its lanes, and the state and flags of its joints.

pub use super::joint_pairs::{joined, list as list_pairs};
pub use super::joint_solve::{again, run};
use super::joint_spring::Soft;
use super::joint_wide::field;
use crate::geometry::vector::{multiply, normalize_quat, rotate, Quat, Vec3};
use crate::layout::{JOINT_REALS, JOINT_STATE, WIDE_JOINT};
use crate::wide::{Real, Real4, LANES};
use crate::world::{counter, flag, setting, World};

/// Kinds of joints.
pub mod kind {
    #![allow(missing_docs)]
    pub const NONE: u32 = 0;
    pub const FIXED: u32 = 1;
    pub const BALL: u32 = 2;
    pub const HINGE: u32 = 3;
    pub const SLIDER: u32 = 4;
    pub const DISTANCE: u32 = 5;
}

/// Bits of `Joint.flags`.
pub mod bit {
    /// Its load went beyond what it bears; it does nothing any more.
    pub const BROKEN: u32 = 1;
    /// It broke in this step and is not listed yet.
    pub const JUST_BROKEN: u32 = 2;
    /// It can break.
    pub const BREAKABLE: u32 = 4;
    /// Its bodies collide with each other.
    pub const COLLIDE: u32 = 8;
    /// It has a lower and an upper limit. Distances always have.
    pub const LIMITED: u32 = 16;
    /// It has a motor that keeps a speed.
    pub const SPEED_MOTOR: u32 = 32;
    /// It has a motor that holds an angle or a translation, by a spring.
    pub const TARGET_MOTOR: u32 = 64;
    /// It has a cone.
    pub const CONE: u32 = 128;
    /// Its rows are a spring.
    pub const SPRING: u32 = 256;
}

/// Reals of a joint.
pub mod parameter {
    #![allow(missing_docs)]
    pub const ANCHOR_A: usize = 0;
    pub const FRAME_A: usize = 3;
    pub const ANCHOR_B: usize = 7;
    pub const FRAME_B: usize = 10;
    pub const LOWER: usize = 14;
    pub const UPPER: usize = 15;
    pub const SPEED: usize = 16;
    pub const TARGET: usize = 17;
    pub const MOTOR_HERTZ: usize = 18;
    pub const MOTOR_DAMPING: usize = 19;
    pub const MOTOR_MAX: usize = 20;
    pub const HERTZ: usize = 21;
    pub const DAMPING: usize = 22;
    pub const CONE: usize = 23;
    pub const BREAK_FORCE: usize = 24;
    pub const BREAK_TORQUE: usize = 25;
    /// Largest torque of friction.
    pub const FRICTION: usize = 26;
    /// Reals in use, in whole fours.
    pub const USED: usize = 28;
}
use parameter as p;

/// Reals of a joint's state: impulses of the last sub-step (world axes), then the mean force on b, N, and torque on b about the anchor, N·m,
/// of the last step, and the angle or translation at its end.
pub mod state {
    #![allow(missing_docs)]
    pub const IMPULSES: usize = 0;
    /// How many: anchors 3, directions 3, motor, lower limit, upper limit, cone.
    pub const COUNT: usize = 10;
    pub const FORCE: usize = 10;
    pub const TORQUE: usize = 13;
}

/// Largest number that counts as sound: its square is finite in 32 bits.
const MOST: Real = 1e18;

/// One more than the highest number of a joint in use.
pub fn count(world: &World) -> usize {
    (world.columns.settings.get(setting::JOINTS) as usize).min(world.capacity.joints)
}

/// Whether joint `j` takes part in this step: it is whole, all its numbers are sound, both its bodies are in the world and one of them can be
/// moved. After `forces`, which knows who lives.
pub fn acts(world: &World, j: usize) -> bool {
    let c = &world.columns;
    let kind = c.joint_kind.get(j);
    if kind == kind::NONE || kind > kind::DISTANCE || c.joint_flags.get(j) & bit::BROKEN != 0 {
        return false;
    }
    let (a, b) = (c.joint_a.get(j) as usize, c.joint_b.get(j) as usize);
    if a == b || a.max(b) >= world.capacity.entities {
        return false;
    }
    let (la, lb) = (c.live.get(a), c.live.get(b));
    la & lb & flag::BODY != 0 && (la | lb) & flag::DYNAMIC != 0 && sound(world, j)
}

/// Whether all numbers of a joint are finite and within reason.
fn sound(world: &World, j: usize) -> bool {
    let (low, high) = (Real4::splat(-MOST), Real4::splat(MOST));
    (0..p::USED).step_by(LANES).all(|k| {
        let v = world.columns.joint_real.load(j * JOINT_REALS + k);
        (v.ge(low) & v.le(high)).bits() == 15
    })
}

/// How many classes there are.
pub const CLASSES: usize = 3;

/// Joints of one class go side by side: 0 holds a point and nothing else, 2 has a cone, 1 is the rest. What a class has not, four of it skip.
pub fn class(world: &World, j: usize) -> usize {
    let c = &world.columns;
    let flags = c.joint_flags.get(j);
    if flags & bit::CONE != 0 {
        return 2;
    }
    let bare = c.joint_kind.get(j) == kind::BALL && flags & bit::LIMITED == 0;
    (!bare || friction(world, j) > 0.0) as usize
}

/// Largest torque of friction of a ball or a hinge; others have none.
fn friction(world: &World, j: usize) -> Real {
    let c = &world.columns;
    let turns = matches!(c.joint_kind.get(j), kind::BALL | kind::HINGE);
    if turns {
        c.joint_real.get(j * JOINT_REALS + p::FRICTION).max(0.0)
    } else {
        0.0
    }
}

/// Puts four joints side by side, at the poses before the step; an empty lane has no rows and touches slot 0.
pub fn prepare(world: &World, w: usize) {
    let c = &world.columns;
    let first = w * WIDE_JOINT * LANES;
    c.wide_joint.fill(first, WIDE_JOINT * LANES, 0.0);
    for lane in 0..LANES {
        let order = c.joint_order.get(w * LANES + lane) as usize;
        let (mut slot_a, mut slot_b) = (0, 0);
        let plain = order == 0 || class(world, order - 1) == 0;
        c.wide_joint.set(first + field::PLAIN * LANES + lane, plain as u32 as Real);
        if order != 0 {
            slot_a = c.slot.get(c.joint_a.get(order - 1) as usize);
            slot_b = c.slot.get(c.joint_b.get(order - 1) as usize);
            fill(world, order - 1, |index, value| c.wide_joint.set(first + index * LANES + lane, value));
        }
        c.wide_joint_slots.set(w * 8 + lane, slot_a);
        c.wide_joint_slots.set(w * 8 + LANES + lane, slot_b);
    }
}

/// Position and orientation of a body before the step.
fn pose(world: &World, e: usize) -> (Vec3, Quat) {
    let c = &world.columns;
    let q = [c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e)];
    ([c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)], normalize_quat(q))
}

/// The values of joint `j`.
fn fill(world: &World, j: usize, mut set: impl FnMut(usize, Real)) {
    let c = &world.columns;
    let real = |index: usize| c.joint_real.get(j * JOINT_REALS + index);
    let three = |index: usize| [real(index), real(index + 1), real(index + 2)];
    let four = |index: usize| normalize_quat([real(index), real(index + 1), real(index + 2), real(index + 3)]);
    let (a, b) = (c.joint_a.get(j) as usize, c.joint_b.get(j) as usize);
    let ((xa, qa), (xb, qb)) = (pose(world, a), pose(world, b));
    // What rests has no orientation in the solver: its frame is given in world axes.
    let placed = |e: usize, q: Quat, anchor: Vec3, frame: Quat| match c.slot.get(e) {
        0 => (rotate(q, anchor), multiply(q, frame)),
        _ => (anchor, frame),
    };
    let (arm_a, frame_a) = placed(a, qa, three(p::ANCHOR_A), four(p::FRAME_A));
    let (arm_b, frame_b) = placed(b, qb, three(p::ANCHOR_B), four(p::FRAME_B));
    for axis in 0..3 {
        set(field::ARM_A + axis, arm_a[axis]);
        set(field::ARM_B + axis, arm_b[axis]);
        set(field::DELTA + axis, xb[axis] - xa[axis]);
    }
    for axis in 0..4 {
        set(field::FRAME_A + axis, frame_a[axis]);
        set(field::FRAME_B + axis, frame_b[axis]);
    }
    for k in 0..state::COUNT {
        let impulse = c.joint_state.get(j * JOINT_STATE + state::IMPULSES + k);
        set(field::IMPULSE + k, if impulse.abs() < MOST { impulse } else { 0.0 });
    }
    let (kind, flags) = (c.joint_kind.get(j), c.joint_flags.get(j));
    let truth = |t: bool| t as u32 as Real;
    set(field::POINT, truth(kind <= kind::SLIDER));
    set(field::SLIDES, truth(kind == kind::SLIDER));
    set(field::ALIGNED, truth(matches!(kind, kind::FIXED | kind::HINGE | kind::SLIDER)));
    set(field::HINGED, truth(kind == kind::HINGE));
    let h = world.parameters.dt / world.parameters.sub_steps as Real;
    let springy = flags & bit::SPRING != 0 && kind <= kind::HINGE;
    let block = if springy { Soft::spring(real(p::HERTZ), real(p::DAMPING), h) } else { Soft::hard(h) };
    set(field::BLOCK_SOFT, truth(springy));
    set_soft(field::BLOCK_MASS, block, &mut set);
    set(field::FRICTION, friction(world, j) * h);
    if flags & bit::CONE != 0 && kind == kind::BALL {
        set(field::CONED, 1.0);
        set(field::CONE, real(p::CONE));
    }
    fill_axis(world, j, h, &mut set);
}

fn set_soft(at: usize, soft: Soft, set: &mut impl FnMut(usize, Real)) {
    set(at, soft.mass);
    set(at + 1, soft.rate);
    set(at + 2, soft.impulse);
}

/// The row along or about the axis (motor, spring or equality) and its limits.
fn fill_axis(world: &World, j: usize, h: Real, set: &mut impl FnMut(usize, Real)) {
    let c = &world.columns;
    let real = |index: usize| c.joint_real.get(j * JOINT_REALS + index);
    let (kind, flags) = (c.joint_kind.get(j), c.joint_flags.get(j));
    if kind == kind::FIXED {
        return;
    }
    let distance = kind == kind::DISTANCE;
    let limited = flags & bit::LIMITED != 0 || distance;
    let (lower, upper) = (real(p::LOWER), real(p::UPPER).max(real(p::LOWER)));
    // Limits that leave no room are one row that holds, not two that push against each other.
    let equal = limited && upper - lower <= 1e-6 * (1.0 + lower.abs());
    let springy = distance && flags & bit::SPRING != 0;
    let driven = matches!(kind, kind::HINGE | kind::SLIDER) && !equal;
    let servo = driven && flags & bit::TARGET_MOTOR != 0;
    let motor = driven && !servo && flags & bit::SPEED_MOTOR != 0;
    let limits = limited && !equal && !springy;
    if !(limits || equal || springy || servo || motor) {
        return;
    }
    let middle = if limited {
        0.5 * (lower + upper)
    } else if servo {
        real(p::TARGET)
    } else {
        0.0
    };
    let hold = if servo {
        [real(p::TARGET); 2]
    } else if motor {
        [0.0; 2]
    } else {
        [lower, upper]
    };
    let soft = match () {
        _ if springy => Soft::spring(real(p::HERTZ), real(p::DAMPING), h),
        _ if servo => Soft::spring(real(p::MOTOR_HERTZ), real(p::MOTOR_DAMPING), h),
        _ if equal => Soft::hard(h),
        _ => Soft::RIGID,
    };
    let one = |t: bool| t as u32 as Real;
    let on = equal || springy || servo || motor;
    set(if matches!(kind, kind::SLIDER | kind::DISTANCE) { field::AXIS_LINEAR } else { field::AXIS_ANGULAR }, 1.0);
    set(field::DISTANCE, one(distance));
    set(field::LIMITED, one(limits));
    set(field::LOWER, lower);
    set(field::UPPER, upper);
    set(field::MIDDLE, middle);
    set(field::ROW, one(on));
    set(field::ROW_SOFT, one(springy || servo));
    set(field::ROW_LOW, hold[0]);
    set(field::ROW_HIGH, hold[1]);
    set(field::ROW_SPEED, if motor { real(p::SPEED) } else { 0.0 });
    set(field::ROW_MOST, if servo || motor { real(p::MOTOR_MAX).max(0.0) * h } else { MOST });
    set_soft(field::ROW_MASS, soft, set);
}

/// Writes the impulses back for the next step, and the mean force and torque of this one; what was more than a joint bears breaks it.
pub fn store(world: &World, w: usize) {
    let c = &world.columns;
    let value = |index: usize, lane: usize| c.wide_joint.get((w * WIDE_JOINT + index) * LANES + lane);
    let share = 1.0 / world.parameters.sub_steps as Real;
    let h = world.parameters.dt * share;
    let rate = if h > 0.0 { share / h } else { 0.0 };
    for lane in 0..LANES {
        let order = c.joint_order.get(w * LANES + lane) as usize;
        if order == 0 {
            continue;
        }
        let j = order - 1;
        for k in 0..state::COUNT {
            c.joint_state.set(j * JOINT_STATE + state::IMPULSES + k, value(field::IMPULSE + k, lane));
        }
        let load = |at: usize| [0, 1, 2].map(|axis| value(at + axis, lane) * rate);
        let (force, torque) = (load(field::FORCE), load(field::TORQUE));
        for axis in 0..3 {
            c.joint_state.set(j * JOINT_STATE + state::FORCE + axis, force[axis]);
            c.joint_state.set(j * JOINT_STATE + state::TORQUE + axis, torque[axis]);
        }
        if c.joint_flags.get(j) & bit::BREAKABLE != 0 {
            let beyond = |v: Vec3, most: Real| v[0] * v[0] + v[1] * v[1] + v[2] * v[2] > most * most;
            let most = |at: usize| c.joint_real.get(j * JOINT_REALS + at).max(0.0);
            if beyond(force, most(p::BREAK_FORCE)) || beyond(torque, most(p::BREAK_TORQUE)) {
                c.joint_flags.set(j, c.joint_flags.get(j) | bit::BROKEN | bit::JUST_BROKEN);
            }
        }
    }
}

/// Lists the joints that broke in this step, in the order of their numbers. On the caller, after all were stored.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn list_broken(world: &mut World) {
    let c = world.columns;
    let mut broken = 0;
    for j in 1..count(world) {
        let flags = c.joint_flags.get(j);
        if flags & bit::JUST_BROKEN != 0 {
            c.joint_flags.set(j, flags & !bit::JUST_BROKEN);
            c.joint_broken.set(broken, j as u32);
            broken += 1;
        }
    }
    world.set_count(counter::BROKEN, broken);
}
