//! Four joints at a time: gather the bodies as they stand now, apply impulses row by row, scatter the bodies.
//!
//! Every pass reads arms, axes and errors from the present poses, so a joint does not drift however fast its bodies spin. The block of rows
//! without limits is solved as one system (`joint_block`), then each row with limits together with it (`joint_rows`): a joint by itself is
//! exact, and only joints with each other take rounds. (Soft constraints: Catto, Box2D v3. Exact springs: `joint_spring`.)

use super::contact::Pass;
use super::joint_block::Block;
use super::joint_rows as rows;
use super::joint_spring::Soft;
use super::joint_wide::{close, field::*, open};
use crate::wide::{Mask4, Real, Vector4};
use crate::world::World;

/// One pass over wide joint `w` in sub-steps of `h` seconds, for the lanes in `lanes`.
///
/// A function each, as in `contact`: inlined into one they are more than V8 optimises in the JavaScript build.
pub fn run(world: &World, w: usize, pass: Pass, h: Real, lanes: u32) {
    match pass {
        Pass::WarmStart => warm_start(world, w, lanes),
        Pass::Solve => solve(world, w, true, h, lanes),
        Pass::Relax => solve(world, w, false, h, lanes),
        Pass::Restitution => {}
    }
}

#[inline(never)]
fn warm_start(world: &World, w: usize, lanes: u32) {
    let mut joint = open(world, w, lanes);
    let beside = |v: Vector4, axis: Vector4, mask: Mask4| (v - axis.scale(axis.dot(v))).select(mask, v);
    if (joint.truth(AXIS_LINEAR) | joint.truth(AXIS_ANGULAR)).any() {
        rows::warm_axis(&mut joint);
    }
    if joint.truth(CONED).any() {
        rows::warm_cone(&mut joint);
    }
    // The axis has turned since: no part along it, else a motor's work would be done twice.
    let turn = beside(joint.vector(DIRECTIONS), joint.axis, joint.truth(HINGED));
    let push = beside(joint.vector(ANCHORS), joint.axis, joint.truth(SLIDES));
    joint.keep_vector(DIRECTIONS, turn);
    joint.keep_vector(ANCHORS, push);
    joint.turn_by(turn);
    joint.push(push);
    close(&joint, w, lanes);
}

#[inline(never)]
fn solve(world: &World, w: usize, push: bool, h: Real, lanes: u32) {
    let mut joint = open(world, w, lanes);
    let limits = rows::Limits { push, hard: Soft::hard(h), inverse_h: 1.0 / h };
    let (mut force, mut torque) = (Vector4::zero(), Vector4::zero());
    let block = joint.truth(POINT).any().then(|| Block::of(&joint));
    if let Some(block) = &block {
        block.hold(&mut joint, push);
    }
    if (joint.truth(AXIS_LINEAR) | joint.truth(AXIS_ANGULAR)).any() {
        (force, torque) = rows::solve_axis(&mut joint, block.as_ref(), &limits);
    }
    if joint.truth(CONED).any() {
        torque = torque + rows::solve_cone(&mut joint, block.as_ref(), &limits);
    }
    if !push {
        joint.keep_vector(FORCE, joint.vector(FORCE) + joint.vector(ANCHORS) + force);
        joint.keep_vector(TORQUE, joint.vector(TORQUE) + joint.vector(DIRECTIONS) + torque);
    }
    close(&joint, w, lanes);
}
