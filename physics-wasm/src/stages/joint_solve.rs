//! Four joints at a time: gather the bodies as they stand now, apply impulses row by row, scatter the bodies.
//!
//! Every pass reads arms, axes and errors from the present poses, so a joint does not drift however fast its bodies spin. The block of rows
//! without limits is solved as one system (`joint_block`), then each row with limits together with it (`joint_rows`): a joint by itself is
//! exact, and only joints with each other take rounds. (Soft constraints: Catto, Box2D v3. Exact springs: `joint_spring`.)

use super::contact::Pass;
use super::joint_block::Block;
use super::joint_rows as rows;
use super::joint_spring::Soft;
use super::joint_wide::{close, field::*, inverse_or_zero, open, open_plain, plain, Factors, Wide};
use crate::wide::{Mask4, Real, Real4, Vector4};
use crate::world::World;

/// How fast warm starting gives way to arms that turn: see `steadiness`.
const UNSTEADY: Real = 4.0;

/// One pass over wide joint `w` in sub-steps of `h` seconds, for the lanes in `lanes`.
///
/// A function each, as in `contact`: inlined into one they are more than V8 optimises in the JavaScript build.
pub fn run(world: &World, w: usize, pass: Pass, h: Real, lanes: u32) {
    match (pass, plain(world, w)) {
        (Pass::WarmStart, true) => warm_start_plain(world, w, h, lanes),
        (Pass::WarmStart, false) => warm_start(world, w, h, lanes),
        (Pass::Solve, true) => solve_plain(world, w, true, lanes),
        (Pass::Solve, false) => solve(world, w, Stage::Push, h, lanes),
        (Pass::Relax, true) => solve_plain(world, w, false, lanes),
        (Pass::Relax, false) => solve(world, w, Stage::Relax, h, lanes),
        (Pass::Restitution, _) => {}
    }
}

/// A second round of `Pass::Solve`: contacts have had their say since.
pub fn again(world: &World, w: usize, h: Real, lanes: u32) {
    if plain(world, w) {
        solve_plain(world, w, true, lanes);
    } else {
        solve(world, w, Stage::Again, h, lanes);
    }
}

/// Which round over the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Push,
    Again,
    Relax,
}

/// Share of the impulses of the last sub-step that warm starting gives, 0 … 1.
///
/// They were found at arms that have turned since, by Δr. What they are wrong by, I⁻¹(Δr × λ) × r, against what they do, K λ: where arms are
/// long and bodies small it may be many times as much, and joints that share bodies then hand each other more than a sweep takes out:
/// a tangle of them gained energy without end. One joint by itself is exact whatever it starts from.
#[inline(always)]
fn steadiness(joint: &Wide, h: Real) -> Real4 {
    let (p, h, one) = (joint.vector(ANCHORS), Real4::splat(h), Real4::splat(1.0));
    let moved = |turn: Vector4, arm: Vector4| turn.cross(arm);
    let (a, b) = (&joint.a, &joint.b);
    let turned_a = a.angular.cross(joint.arm_a).scale(h);
    let turned_b = b.angular.cross(joint.arm_b).scale(h);
    let wrong = moved(a.turned(turned_a.cross(p)), joint.arm_a) + moved(b.turned(turned_b.cross(p)), joint.arm_b);
    let right = p.scale(a.inverse_mass + b.inverse_mass)
        + moved(a.turned(joint.arm_a.cross(p)), joint.arm_a)
        + moved(b.turned(joint.arm_b.cross(p)), joint.arm_b);
    let error = wrong.dot(wrong) * inverse_or_zero(right.dot(right));
    one / (one + Real4::splat(UNSTEADY) * error)
}

#[inline(never)]
fn warm_start_plain(world: &World, w: usize, h: Real, lanes: u32) {
    let mut joint = open_plain(world, w, lanes);
    let share = steadiness(&joint, h);
    let push = joint.keep_vector(ANCHORS, joint.vector(ANCHORS).scale(share));
    joint.push(push);
    close(&joint, w, lanes);
}

#[inline(never)]
fn warm_start(world: &World, w: usize, h: Real, lanes: u32) {
    let mut joint = open(world, w, lanes);
    let share = steadiness(&joint, h);
    for index in [MOTOR, LOW, HIGH, SWING] {
        let impulse = joint.load(index);
        joint.keep(index, impulse * share, impulse);
    }
    let beside = |v: Vector4, axis: Vector4, mask: Mask4| (v - axis.scale(axis.dot(v))).select(mask, v);
    if (joint.truth(AXIS_LINEAR) | joint.truth(AXIS_ANGULAR)).any() {
        rows::warm_axis(&mut joint);
    }
    if joint.truth(CONED).any() {
        rows::warm_cone(&mut joint);
    }
    // The axis has turned since: no part along it, else a motor's work would be done twice.
    let turn = beside(joint.vector(DIRECTIONS), joint.axis, joint.truth(HINGED)).scale(share);
    let push = beside(joint.vector(ANCHORS), joint.axis, joint.truth(SLIDES)).scale(share);
    joint.keep_vector(DIRECTIONS, turn);
    joint.keep_vector(ANCHORS, push);
    joint.turn_by(turn);
    joint.push(push);
    close(&joint, w, lanes);
}

/// The three rows of a point: what `solve` comes to without directions, axes and limits.
#[inline(never)]
fn solve_plain(world: &World, w: usize, push: bool, lanes: u32) {
    let mut joint = open_plain(world, w, lanes);
    let masses = joint.a.inverse_mass + joint.b.inverse_mass;
    let (of_a, of_b) = (joint.a.at_arm(joint.arm_a), joint.b.at_arm(joint.arm_b));
    let k = core::array::from_fn(|i| if i < 3 { of_a[i] + of_b[i] + masses } else { of_a[i] + of_b[i] });
    let (velocity, before) = (joint.velocity(), joint.vector(ANCHORS));
    let (ask, back) = if push {
        (velocity.scale(joint.load(BLOCK_MASS)) + joint.apart.scale(joint.load(BLOCK_RATE)), joint.load(BLOCK_IMPULSE))
    } else {
        (velocity, Real4::splat(0.0))
    };
    let wanted = before - Factors::of(&k).solve(ask) - before.scale(back);
    // A spring pulls once a sub-step.
    let after = if push { wanted } else { before.select(joint.truth(BLOCK_SOFT), wanted) };
    let after = joint.keep_vector(ANCHORS, after);
    joint.push(after - before);
    if !push {
        joint.keep_vector(FORCE, joint.vector(FORCE) + after);
    }
    close(&joint, w, lanes);
}

#[inline(never)]
fn solve(world: &World, w: usize, stage: Stage, h: Real, lanes: u32) {
    let push = stage != Stage::Relax;
    let mut joint = open(world, w, lanes);
    let limits = rows::Limits { push, hard: Soft::hard(h), inverse_h: 1.0 / h };
    let (mut force, mut torque) = (Vector4::zero(), Vector4::zero());
    let block = joint.truth(POINT).any().then(|| Block::of(&joint));
    if let Some(block) = &block {
        block.hold(&mut joint, push);
    }
    if stage == Stage::Push && joint.load(FRICTION).gt(Real4::splat(0.0)).any() {
        rows::rub(&mut joint, block.as_ref());
    }
    if (joint.truth(AXIS_LINEAR) | joint.truth(AXIS_ANGULAR)).any() {
        (force, torque) = rows::solve_axis(&mut joint, block.as_ref(), &limits);
    }
    if joint.truth(CONED).any() {
        torque = torque + rows::solve_cone(&mut joint, block.as_ref(), &limits);
    }
    if !push {
        joint.keep_vector(FORCE, joint.vector(FORCE) + joint.vector(ANCHORS) + force);
        joint.keep_vector(TORQUE, joint.vector(TORQUE) + joint.vector(DIRECTIONS) + joint.vector(FELT) + torque);
    }
    close(&joint, w, lanes);
}
