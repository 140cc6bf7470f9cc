//! `solve`: contacts and joints by sequential impulses in small steps, softly: Catto's *soft step* (Solver2D, Box2D v3).
//!
//! The touched bodies are copied into solver bodies (`solver_body`), taken back to their velocity before the kick, and moved in sub-steps:
//! kick, warm start, solve, move, relax. Bodies that touch nothing never come here. Each pass goes colour by colour; within a colour no dynamic
//! body occurs twice, so who solves which constraint does not matter.
//!
//! Writes the velocities and positions of touched dynamic bodies.

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::colour::{Batch, Colouring, COLOURS};
use super::contact::{self, coefficient, field, Pass, Softness, BOUNCE_THRESHOLD, MAX_FRICTION};
use super::{colour, joint, manifold, manifold_solve, solver_body};
use crate::layout::{SOLVER_BODY, WIDE_CONTACT};
use crate::wide::{Real, Real4, LANES};
use crate::world::{counter, flag, setting, World};

/// Wide contacts of spheres a claim solves: about 2 µs.
const CONTACTS_A_BLOCK: usize = 24;
/// Wide manifolds a claim solves.
const MANIFOLDS_A_BLOCK: usize = 8;
/// Wide joints a claim solves.
const JOINTS_A_BLOCK: usize = 6;
/// Share of a knocked body's radius that covers rounding.
const REACH_SLACK: Real = 1.005;
/// Sweeps over the spheres that bounce: one alone leaves what hits two at once with the wrong energy.
const BOUNCE_SWEEPS: usize = 4;
/// Solver bodies a claim moves.
const BODIES_A_BLOCK: usize = 512;

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    world.set_count(counter::KNOCKED, 0);
    world.set_count(counter::JOINTS, 0);
    world.set_count(counter::MANIFOLDS, 0);
    if world.count(counter::CONTACTS) == 0 && world.columns.settings.get(setting::JOINTS) < 2.0 {
        world.set_count(counter::COLOURS, 0);
        world.set_count(counter::TOUCHED, 0);
        return;
    }
    let colouring = colour::run(world);
    {
        let world = &*world;
        each_body(world, &colouring, |slot| solver_body::prepare(world, slot));
        let bouncing = [AtomicBool::new(false), AtomicBool::new(false)];
        let note = |kind: usize, bounces: bool| {
            if bounces {
                bouncing[kind].store(true, Relaxed);
            }
        };
        each_wide(world, &colouring.contacts, CONTACTS_A_BLOCK, |w| note(0, prepare_contact(world, w)));
        each_wide(world, &colouring.manifolds, MANIFOLDS_A_BLOCK, |w| note(1, manifold::prepare(world, w)));
        each_wide(world, &colouring.joints, JOINTS_A_BLOCK, |w| joint::prepare(world, w));
        sub_step_all(world, &colouring, bouncing.map(AtomicBool::into_inner));
        each_wide(world, &colouring.contacts, CONTACTS_A_BLOCK, |w| store_impulses(world, w));
        each_wide(world, &colouring.manifolds, MANIFOLDS_A_BLOCK, |w| manifold::store(world, w));
        each_wide(world, &colouring.joints, JOINTS_A_BLOCK, |w| joint::store(world, w));
        each_body(world, &colouring, |slot| solver_body::finish(world, slot));
    }
    joint::list_broken(world);
    if world.count(counter::BULLETS) > 0 {
        list_knocked(world, colouring.bodies);
    }
    world.set_count(counter::TOUCHED, colouring.bodies);
}

/// The sub-steps and the bounces, where spheres or manifolds come in fast enough: those of spheres when the step ends.
fn sub_step_all(world: &World, colouring: &Colouring, [spheres, manifolds]: [bool; 2]) {
    let steps = world.parameters.sub_steps;
    let h = world.parameters.dt / steps as Real;
    let softness = [Softness::new(h), Softness::of_unlike(h), Softness::of_manifolds(h)];
    let pressed = colouring.contacts.end() + colouring.manifolds.end() > 0;
    let pass = |pass: Pass| each_constraint(world, colouring, pass, &softness);
    for step in 0..steps {
        each_body(world, colouring, |slot| solver_body::kick(world, slot, h, step == 0));
        if step == 0 {
            pass(Pass::WarmStart);
        } else {
            // At their arms of now: what a kick repeats is that of contacts alone (`joint_wide`).
            each_joint(world, colouring, |w, lanes| joint::run(world, w, Pass::WarmStart, h, lanes));
        }
        pass(Pass::Solve);
        if pressed {
            // A blow goes on from limb to limb within a sub-step: else the anchors of what still flies are centimetres apart after it.
            each_joint(world, colouring, |w, lanes| joint::again(world, w, h, lanes));
        }
        each_body(world, colouring, |slot| solver_body::drift(world, slot, h));
        pass(Pass::Relax);
        if manifolds {
            let only = Colouring { joints: Batch::default(), contacts: Batch::default(), ..*colouring };
            each_constraint(world, &only, Pass::Restitution, &softness);
        }
    }
    if spheres {
        let only = Colouring { joints: Batch::default(), manifolds: Batch::default(), ..*colouring };
        for _ in 0..BOUNCE_SWEEPS {
            each_constraint(world, &only, Pass::Restitution, &softness);
        }
    }
}

/// Runs `f` for every solver body in use.
fn each_body(world: &World, colouring: &Colouring, f: impl Fn(usize) + Sync) {
    let bodies = colouring.bodies;
    world.jobs.run(bodies.div_ceil(BODIES_A_BLOCK), |block| {
        for slot in block * BODIES_A_BLOCK..((block + 1) * BODIES_A_BLOCK).min(bodies) {
            f(slot);
        }
    });
}

/// Runs `f` for every wide constraint of a batch.
fn each_wide(world: &World, batch: &Batch, a_block: usize, f: impl Fn(usize) + Sync) {
    let end = batch.end();
    world.jobs.run(end.div_ceil(a_block), |block| {
        for w in block * a_block..((block + 1) * a_block).min(end) {
            f(w);
        }
    });
}

/// One pass over all constraints, colour by colour, joints first; the last colour one by one on the caller.
fn each_constraint(world: &World, colouring: &Colouring, pass: Pass, softness: &[Softness; 3]) {
    let solve = |kind: usize, w: usize, lanes: u32| match kind {
        0 => joint::run(world, w, pass, 1.0 / softness[0].inverse_h, lanes),
        1 => contact::run(world, w, pass, &softness[0], lanes),
        _ => manifold_solve::run(world, w, pass, softness, lanes),
    };
    let batches = [&colouring.joints, &colouring.contacts, &colouring.manifolds];
    let a_block = [JOINTS_A_BLOCK, CONTACTS_A_BLOCK, MANIFOLDS_A_BLOCK];
    for colour in 0..COLOURS {
        let ranges = batches.map(|batch| batch.of(colour));
        let blocks: [usize; 3] = core::array::from_fn(|kind| ranges[kind].len().div_ceil(a_block[kind]));
        world.jobs.run(blocks[0] + blocks[1] + blocks[2], |block| {
            let (kind, block) = which(&blocks, block);
            let first = ranges[kind].start + block * a_block[kind];
            for w in first..(first + a_block[kind]).min(ranges[kind].end) {
                solve(kind, w, 15);
            }
        });
    }
    for (kind, batch) in batches.into_iter().enumerate() {
        for w in batch.of(COLOURS) {
            for lane in 0..LANES {
                solve(kind, w, 1 << lane);
            }
        }
    }
}

/// Runs `f` for every wide joint and its lanes, colour by colour; the last colour one by one on the caller.
fn each_joint(world: &World, colouring: &Colouring, f: impl Fn(usize, u32) + Sync) {
    for colour in 0..COLOURS {
        let range = colouring.joints.of(colour);
        world.jobs.run(range.len().div_ceil(JOINTS_A_BLOCK), |block| {
            let first = range.start + block * JOINTS_A_BLOCK;
            for w in first..(first + JOINTS_A_BLOCK).min(range.end) {
                f(w, 15);
            }
        });
    }
    for w in colouring.joints.of(COLOURS) {
        for lane in 0..LANES {
            f(w, 1 << lane);
        }
    }
}

/// Which kind of constraint a block has, and its number among those.
#[inline(always)]
fn which(blocks: &[usize; 3], block: usize) -> (usize, usize) {
    if block < blocks[0] {
        (0, block)
    } else if block < blocks[0] + blocks[1] {
        (1, block - blocks[0])
    } else {
        (2, block - blocks[0] - blocks[1])
    }
}

/// Puts four contacts side by side; an empty lane has no mass and touches slot 0. Gives whether any comes in fast enough to bounce.
fn prepare_contact(world: &World, w: usize) -> bool {
    let c = &world.columns;
    let mut bounces = false;
    let mut values: [[Real; LANES]; WIDE_CONTACT] = [[0.0; LANES]; WIDE_CONTACT];
    let mut slots = [0u32; 8];
    for lane in 0..LANES {
        let order = c.contact_order.get(w * LANES + lane) as usize;
        if order == 0 {
            continue;
        }
        let index = order - 1;
        let (a, b) = (c.contact_a.get(index) as usize, c.contact_b.get(index) as usize);
        let plane = c.live.get(a) & flag::PLANE != 0;
        let (ra, rb) = (if plane { 0.0 } else { c.radius.get(a) }, c.radius.get(b));
        let (slot_a, slot_b) = (c.slot.get(a), c.slot.get(b));
        let inverse = |slot: u32, row: usize| c.solver.get(slot as usize * SOLVER_BODY + 4 * row + 3);
        let masses = inverse(slot_a, 0) + inverse(slot_b, 0);
        let tangent = masses + ra * ra * inverse(slot_a, 1) + rb * rb * inverse(slot_b, 1);
        let restitution = bounciness(world, a, b);
        bounces |= restitution > 0.0 && c.contact_approach.get(index) < -BOUNCE_THRESHOLD;
        slots[lane] = slot_a;
        slots[LANES + lane] = slot_b;
        let set = [
            (field::NX, c.contact_nx.get(index)),
            (field::NY, c.contact_ny.get(index)),
            (field::NZ, c.contact_nz.get(index)),
            (field::SEPARATION, c.contact_separation.get(index)),
            (field::RADIUS_A, ra),
            (field::RADIUS_B, rb),
            (field::NORMAL_MASS, 1.0 / masses),
            (field::TANGENT_MASS, 1.0 / tangent),
            (field::FRICTION, (coefficient(c.friction.get(a), MAX_FRICTION) * coefficient(c.friction.get(b), MAX_FRICTION)).sqrt()),
            (field::RESTITUTION, restitution),
            (field::APPROACH, c.contact_approach.get(index)),
            (field::NORMAL, c.contact_normal.get(index)),
            (field::TX, c.contact_tx.get(index)),
            (field::TY, c.contact_ty.get(index)),
            (field::TZ, c.contact_tz.get(index)),
        ];
        for (index, value) in set {
            values[index][lane] = value;
        }
    }
    for (index, value) in values.into_iter().enumerate() {
        c.wide.store((w * WIDE_CONTACT + index) * LANES, Real4::from_array(value));
    }
    for (k, slot) in slots.into_iter().enumerate() {
        c.wide_slots.set(w * 8 + k, slot);
    }
    bounces
}

/// Restitution of a pair: the larger one.
pub fn bounciness(world: &World, a: usize, b: usize) -> Real {
    coefficient(world.columns.restitution.get(a), 1.0).max(coefficient(world.columns.restitution.get(b), 1.0))
}

/// Writes the impulses back to the contacts, for the next step.
fn store_impulses(world: &World, w: usize) {
    let c = &world.columns;
    let value = |index: usize, lane: usize| c.wide.get((w * WIDE_CONTACT + index) * LANES + lane);
    for lane in 0..LANES {
        let order = c.contact_order.get(w * LANES + lane) as usize;
        if order != 0 {
            c.contact_normal.set(order - 1, value(field::NORMAL, lane));
            c.contact_tx.set(order - 1, value(field::TX, lane));
            c.contact_ty.set(order - 1, value(field::TY, lane));
            c.contact_tz.set(order - 1, value(field::TZ, lane));
            c.contact_total.set(order - 1, value(field::TOTAL, lane));
        }
    }
}

/// Lists the bodies that a contact threw farther than their own speed reached: the cell where `gather` put them does not tell the bullets of
/// this step that they come this far.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn list_knocked(world: &mut World, bodies: usize) {
    let c = world.columns;
    let mut knocked = 0;
    for slot in 1..bodies {
        let e = c.solver_id.get(slot) as usize;
        let d = [8, 9, 10].map(|index| c.solver.get(slot * SOLVER_BODY + index));
        let length2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        let spare = c.reach.get(e) - c.radius.get(e);
        if c.live.get(e) & flag::DYNAMIC == 0 || length2 <= spare * spare {
            continue;
        }
        c.knocked_id.set(knocked, e as u32);
        c.knocked_x.set(knocked, c.position_x.get(e) - d[0]);
        c.knocked_y.set(knocked, c.position_y.get(e) - d[1]);
        c.knocked_z.set(knocked, c.position_z.get(e) - d[2]);
        c.knocked_reach.set(knocked, c.radius.get(e) * REACH_SLACK + length2.sqrt());
        knocked += 1;
    }
    world.set_count(counter::KNOCKED, knocked);
}
