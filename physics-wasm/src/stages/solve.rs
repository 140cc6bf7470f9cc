//! `solve`: contacts by sequential impulses in small steps, softly: Catto's *soft step* (Solver2D, Box2D v3).
//!
//! The touched bodies are copied into solver bodies of 80 bytes (five rows of four), taken back to their velocity before the kick, and moved
//! in sub-steps: kick, warm start, solve, move, relax. Bodies that touch nothing never come here. Each pass goes colour by colour; within a
//! colour no dynamic body occurs twice, so who solves which contact does not matter.
//!
//! Writes the velocities and positions of touched dynamic bodies.

use super::contact::{self, field, Pass, Softness};
use super::integrate_velocities::inverse_inertia;
use super::{colour, warm_start};
use crate::layout::{SOLVER_BODY, WIDE_CONTACT};
use crate::wide::{Real, Real4, LANES};
use crate::world::{counter, flag, World};

/// Wide contacts a claim solves: about 2 µs.
const CONTACTS_A_BLOCK: usize = 24;
/// Largest coefficient of friction of one body.
const MAX_FRICTION: Real = 1e6;
/// Share of a knocked body's radius that covers rounding.
const REACH_SLACK: Real = 1.005;
/// Solver bodies a claim moves.
const BODIES_A_BLOCK: usize = 512;

/// Runs the stage.
pub fn run(world: &mut World) {
    world.set_count(counter::KNOCKED, 0);
    if world.count(counter::CONTACTS) == 0 {
        world.set_count(counter::COLOURS, 0);
        warm_start::store(world);
        return;
    }
    let colouring = colour::run(world);
    {
        let world = &*world;
        let wide = colouring.start[colour::COLOURS + 1];
        each_body(world, &colouring, |slot| prepare_body(world, slot));
        world.jobs.run(wide.div_ceil(CONTACTS_A_BLOCK), |block| {
            for w in block * CONTACTS_A_BLOCK..((block + 1) * CONTACTS_A_BLOCK).min(wide) {
                prepare_contact(world, w);
            }
        });
        sub_step_all(world, &colouring);
        world.jobs.run(wide.div_ceil(CONTACTS_A_BLOCK), |block| {
            for w in block * CONTACTS_A_BLOCK..((block + 1) * CONTACTS_A_BLOCK).min(wide) {
                store_impulses(world, w);
            }
        });
        each_body(world, &colouring, |slot| finish_body(world, slot));
    }
    if world.count(counter::BULLETS) > 0 {
        list_knocked(world, colouring.bodies);
    }
    warm_start::store(world);
}

/// The sub-steps and the bounce.
fn sub_step_all(world: &World, colouring: &colour::Colouring) {
    let steps = world.parameters.sub_steps;
    let h = world.parameters.dt / steps as Real;
    let softness = Softness::new(h);
    for _ in 0..steps {
        each_body(world, colouring, |slot| kick(world, slot, h));
        each_contact(world, colouring, Pass::WarmStart, &softness);
        each_contact(world, colouring, Pass::Solve, &softness);
        each_body(world, colouring, |slot| drift(world, slot, h));
        each_contact(world, colouring, Pass::Relax, &softness);
    }
    each_contact(world, colouring, Pass::Restitution, &softness);
}

/// Runs `f` for every solver body in use.
fn each_body(world: &World, colouring: &colour::Colouring, f: impl Fn(usize) + Sync) {
    let bodies = colouring.bodies;
    world.jobs.run(bodies.div_ceil(BODIES_A_BLOCK), |block| {
        for slot in block * BODIES_A_BLOCK..((block + 1) * BODIES_A_BLOCK).min(bodies) {
            f(slot);
        }
    });
}

/// One pass over all contacts, colour by colour; the last colour contact by contact on the caller.
fn each_contact(world: &World, colouring: &colour::Colouring, pass: Pass, softness: &Softness) {
    for colour in 0..colour::COLOURS {
        let (start, end) = (colouring.start[colour], colouring.start[colour + 1]);
        world.jobs.run((end - start).div_ceil(CONTACTS_A_BLOCK), |block| {
            let first = start + block * CONTACTS_A_BLOCK;
            for w in first..(first + CONTACTS_A_BLOCK).min(end) {
                contact::run(world, w, pass, softness, 15);
            }
        });
    }
    for w in colouring.start[colour::COLOURS]..colouring.start[colour::COLOURS + 1] {
        for lane in 0..LANES {
            contact::run(world, w, pass, softness, 1 << lane);
        }
    }
}

/// Copies a body into its slot, with the velocity it had before the kick. Slot 0 rests for ever.
fn prepare_body(world: &World, slot: usize) {
    let c = &world.columns;
    let row = |index: usize, v: [Real; 4]| c.solver.store(slot * SOLVER_BODY + 4 * index, Real4::from_array(v));
    if slot == 0 {
        (0..5).for_each(|index| row(index, [0.0; 4]));
        return;
    }
    let e = c.solver_id.get(slot) as usize;
    let dt = world.parameters.dt;
    let dynamic = c.live.get(e) & flag::DYNAMIC != 0;
    let mass = c.mass.get(e);
    let inertia = inverse_inertia(Real4::splat(mass), Real4::splat(c.radius.get(e))).to_array()[0];
    let a = [c.acceleration_x.get(e), c.acceleration_y.get(e), c.acceleration_z.get(e)];
    let alpha = if dynamic { [c.torque_x.get(e), c.torque_y.get(e), c.torque_z.get(e)].map(|t| t * inertia) } else { [0.0; 3] };
    let v = [c.velocity_x.get(e), c.velocity_y.get(e), c.velocity_z.get(e)];
    let w = [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)];
    let back = |axis: usize, now: &[Real; 3], rate: &[Real; 3]| now[axis] - rate[axis] * dt;
    row(0, [back(0, &v, &a), back(1, &v, &a), back(2, &v, &a), if dynamic { 1.0 / mass } else { 0.0 }]);
    row(1, [back(0, &w, &alpha), back(1, &w, &alpha), back(2, &w, &alpha), if dynamic { inertia } else { 0.0 }]);
    row(2, [0.0; 4]);
    row(3, [a[0], a[1], a[2], 0.0]);
    row(4, [alpha[0], alpha[1], alpha[2], 0.0]);
}

/// v += h·a, ω += h·α.
#[inline(always)]
fn kick(world: &World, slot: usize, h: Real) {
    let (s, at, h) = (&world.columns.solver, slot * SOLVER_BODY, Real4::splat(h));
    s.store(at, s.load(at) + s.load(at + 12) * h);
    s.store(at + 4, s.load(at + 4) + s.load(at + 16) * h);
}

/// Displacement += h·v. The fourth lane gathers nonsense that nothing reads.
#[inline(always)]
fn drift(world: &World, slot: usize, h: Real) {
    let (s, at) = (&world.columns.solver, slot * SOLVER_BODY);
    s.store(at + 8, s.load(at + 8) + s.load(at) * Real4::splat(h));
}

/// Puts four contacts side by side; an empty lane has no mass and touches slot 0.
fn prepare_contact(world: &World, w: usize) {
    let c = &world.columns;
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
            (field::RESTITUTION, bounciness(world, a, b)),
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
}

/// Restitution of a pair: the larger one.
pub fn bounciness(world: &World, a: usize, b: usize) -> Real {
    coefficient(world.columns.restitution.get(a), 1.0).max(coefficient(world.columns.restitution.get(b), 1.0))
}

/// A coefficient within its range, whatever stands in the column.
fn coefficient(value: Real, most: Real) -> Real {
    value.max(0.0).min(most)
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
        }
    }
}

/// Writes a dynamic body's velocity and displacement back to its columns.
fn finish_body(world: &World, slot: usize) {
    let c = &world.columns;
    let e = c.solver_id.get(slot) as usize;
    if slot == 0 || c.live.get(e) & flag::DYNAMIC == 0 {
        return;
    }
    let value = |index: usize| c.solver.get(slot * SOLVER_BODY + index);
    c.velocity_x.set(e, value(0));
    c.velocity_y.set(e, value(1));
    c.velocity_z.set(e, value(2));
    c.angular_x.set(e, value(4));
    c.angular_y.set(e, value(5));
    c.angular_z.set(e, value(6));
    c.position_x.set(e, c.position_x.get(e) + value(8));
    c.position_y.set(e, c.position_y.get(e) + value(9));
    c.position_z.set(e, c.position_z.get(e) + value(10));
}

/// Lists the bodies that a contact threw farther than their own speed reached: the cell where `gather` put them does not tell the bullets of
/// this step that they come this far.
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
