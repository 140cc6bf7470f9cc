//! Restitution of manifolds, in the sub-step in which they hit: what came in fast leaves at −e times the speed with which it came.
//!
//! The speed is that of the bodies when the sub-step began, before any contact pushed them, and the inertia that of their attitude then, so that
//! a body which spins leaves with no more energy than it had: Newton's impact with one set of masses and arms preserves it for e = 1. What the
//! turn within the sub-step still adds is taken out again: the bounce is made weaker until it gives back at most e² of what the hit took.
//!
//! What bounced is over: its impulses are not repeated by the next kick.

use super::contact::{chosen, BOUNCE_THRESHOLD};
use super::manifold::{field, turn_inertia};
use super::manifold_solve::{held, load3, turn_by, Wide};
use super::solver_body::{energy_product, forget_given, kicked, pull_and_way};
use crate::geometry::manifold::MAX_POINTS;
use crate::geometry::vector::*;
use crate::wide::{Mask4, Real, Real4, Vector4, LANES};
use crate::world::World;

/// Sweeps over the points of a manifold that bounces, each there and back.
const SWEEPS: usize = 4;

/// Notes what a bounce in this sub-step asks for: the inertia of now, how fast each point comes in, and the bodies' energy.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn begin(m: &Wide, (opened, turn): (Real4, Vector4), inverse_h: Real4, lanes: u32) {
    let (world, w, zero) = (m.world, m.w, Real4::splat(0.0));
    turn_inertia(world, w, &m.slots);
    let v = |end: usize, index: usize| lanes_of(m, end, |slot| kicked(world, slot, index));
    let linear = m.n.dot(v(1, 0) - v(0, 0));
    let (spin_a, spin_b) = (v(0, 1), v(1, 1));
    let pulls = |end: usize| lanes_of(m, end, |slot| pull_and_way(world, slot)[0]);
    let pull = m.n.dot(pulls(1) - pulls(0));
    for k in 0..m.points {
        let at = field::POINT + k * field::STRIDE;
        let c = load3(world, w, at);
        let speed = linear + spin_b.dot(c + m.e) - spin_a.dot(c);
        let gap = (m.load(at + field::SEPARATION) + opened + turn.dot(c)).max(zero) * inverse_h;
        // They meet when the gap is closed: the kick of the rest of the sub-step came too late for the hit.
        let closing = -speed;
        let rest = (Real4::splat(1.0) - gap / closing).keep(closing.gt(gap));
        let approach = speed - pull * rest / inverse_h;
        m.save(at + field::APPROACH, chosen(lanes, approach, m.load(at + field::APPROACH)));
        m.save(at + field::PEAK, chosen(lanes, zero, m.load(at + field::PEAK)));
    }
    let h = 1.0 / inverse_h.to_array()[0];
    let mut energy = [0.0; LANES];
    for (k, slot) in m.slots.iter().flatten().enumerate() {
        let slot = *slot as usize;
        let v = add_scaled(kicked(world, slot, 0), pull_and_way(world, slot)[0], -h);
        energy[k % LANES] += energy_of(world, slot, [v, kicked(world, slot, 1)]);
    }
    m.save(field::ENERGY, chosen(lanes, Real4::from_array(energy), m.load(field::ENERGY)));
}

/// A vector of the bodies at one end, side by side.
#[inline(always)]
fn lanes_of(m: &Wide, end: usize, of: impl Fn(usize) -> Vec3) -> Vector4 {
    let v = m.slots[end].map(|slot| of(slot as usize));
    let axis = |k: usize| Real4::from_array(v.map(|v| v[k]));
    Vector4::new(axis(0), axis(1), axis(2))
}

/// Energy of motion, and of place in the field that pulls, J.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn energy_of(world: &World, slot: usize, motion: [Vec3; 2]) -> Real {
    let [pull, way] = pull_and_way(world, slot);
    let mass = energy_product(world, slot, [[1.0, 0.0, 0.0], [0.0; 3]], [[1.0, 0.0, 0.0], [0.0; 3]]);
    0.5 * energy_product(world, slot, motion, motion) - mass * dot(pull, way)
}

/// One pass over wide manifold `w`, for the lanes in `lanes`.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn restitute(world: &World, w: usize, lanes: u32) {
    let zero = Real4::splat(0.0);
    let mut m = Wide::open(world, w);
    let restitution = m.load(field::RESTITUTION);
    if !restitution.gt(zero).any() {
        return;
    }
    let before = motions(&m);
    let mut impulses: [Real4; MAX_POINTS] = core::array::from_fn(|k| m.load(field::POINT + k * field::STRIDE + field::IMPULSE));
    let mut gained = bounce_evenly(&mut m, &mut impulses, lanes);
    // There and back: one sweep alone would let a box that falls flat leave turning, and slower.
    let there = (0..m.points).chain((0..m.points).rev());
    for k in (0..SWEEPS).flat_map(|_| there.clone()) {
        let at = field::POINT + k * field::STRIDE;
        let bounces = bounces(&m, k);
        if !bounces.any() {
            continue;
        }
        let approach = m.load(at + field::APPROACH);
        let c = load3(world, w, at);
        let old = impulses[k];
        let wanted = (old - m.load(at + field::MASS) * (m.approach(c) + restitution * approach)).max(zero);
        impulses[k] = chosen(lanes, bounces.select(wanted, old), old);
        press(&mut m, c, impulses[k] - old);
        gained = gained + (impulses[k] - old);
    }
    let bounced = gained.gt(zero).bits() & lanes;
    if bounced == 0 {
        return;
    }
    let after = motions(&m);
    let share: [Real; LANES] = core::array::from_fn(|lane| {
        if bounced & (1 << lane) == 0 {
            return 0.0;
        }
        weaken(&m, lane, (restitution.to_array()[lane], m.load(field::ENERGY).to_array()[lane]), [&before, &after])
    });
    forget(&mut m, bounced, [&before, &after], &share);
    m.save(field::TOTAL, m.load(field::TOTAL) + (gained * Real4::from_array(share)));
    m.close(bounced);
}

/// `Wide::press`, once for all that call it here.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn press(m: &mut Wide, c: Vector4, size: Real4) {
    m.press(c, size);
}

/// Where point `k` came in fast and pushed.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn bounces(m: &Wide, k: usize) -> Mask4 {
    let (at, zero) = (field::POINT + k * field::STRIDE, Real4::splat(0.0));
    let fast = m.load(at + field::APPROACH).lt(Real4::splat(-BOUNCE_THRESHOLD));
    fast & m.load(at + field::PEAK).gt(zero) & m.load(field::RESTITUTION).gt(zero)
}

/// The same impulse at all points that bounce, for what is common to them: a box that falls flat leaves flat. Gives the sum of the impulses.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn bounce_evenly(m: &mut Wide, impulses: &mut [Real4; MAX_POINTS], lanes: u32) -> Real4 {
    let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
    let restitution = m.load(field::RESTITUTION);
    let (mut count, mut middle, mut wanted) = (zero, Vector4::zero(), zero);
    for k in 0..m.points {
        let at = field::POINT + k * field::STRIDE;
        let (c, bounces) = (load3(m.world, m.w, at), bounces(m, k));
        count = count + one.keep(bounces);
        middle = middle + c.scale(one.keep(bounces));
        wanted = wanted - (m.approach(c) + restitution * m.load(at + field::APPROACH)).keep(bounces);
    }
    let share = (one / count).keep(count.gt(zero));
    let c = middle.scale(share);
    let e = c + m.e;
    let along = |at: usize, v: Vector4| v.dot(turn_by(m.world, m.w, at, v));
    let k11 = m.a.inverse_mass + m.b.inverse_mass + along(field::INERTIA_A, c) + along(field::INERTIA_B, e);
    let all = (wanted * share / k11).keep(count.gt(zero) & wanted.gt(zero) & k11.gt(zero));
    let all = chosen(lanes, all, zero);
    for (k, impulse) in impulses.iter_mut().enumerate().take(m.points) {
        *impulse = *impulse + (all * share).keep(bounces(m, k));
    }
    press(m, c, all);
    all
}

/// Velocity and spin of both bodies, lane by lane.
type Motions = [[[Vec3; 2]; 2]; LANES];

#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn motions(m: &Wide) -> Motions {
    let lanes = |v: Vector4| {
        let [x, y, z] = [v.x.to_array(), v.y.to_array(), v.z.to_array()];
        core::array::from_fn::<Vec3, LANES, _>(|lane| [x[lane], y[lane], z[lane]])
    };
    let (va, wa, vb, wb) = (lanes(m.a.velocity), lanes(m.a.angular), lanes(m.b.velocity), lanes(m.b.angular));
    core::array::from_fn(|lane| [[va[lane], wa[lane]], [vb[lane], wb[lane]]])
}

/// The share of a bounce that gives back no more than e² of the energy that the hit took.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn weaken(m: &Wide, lane: usize, (restitution, energy): (Real, Real), [before, after]: [&Motions; 2]) -> Real {
    let world = m.world;
    let inverse = [m.a.inverse_mass, m.b.inverse_mass].map(|v| v.to_array()[lane]);
    let (mut now, mut linear, mut square) = (0.0, 0.0, 0.0);
    for end in 0..2 {
        let slot = m.slots[end][lane] as usize;
        if slot != 0 && inverse[end] <= 0.0 {
            // What is driven gives energy.
            return 1.0;
        }
        let old = before[lane][end];
        let change = [sub(after[lane][end][0], old[0]), sub(after[lane][end][1], old[1])];
        now += energy_of(world, slot, old);
        linear += energy_product(world, slot, old, change);
        square += 0.5 * energy_product(world, slot, change, change);
    }
    let budget = (restitution * restitution * (energy - now)).max(0.0);
    if linear + square <= budget || square <= 0.0 {
        return 1.0;
    }
    (((linear * linear + 4.0 * square * budget).sqrt() - linear) / (2.0 * square)).clamp(0.0, 1.0)
}

/// Sets the bodies to what their share of the bounce leaves them, and takes the manifold's impulses out of what the next kick repeats.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn forget(m: &mut Wide, bounced: u32, [before, after]: [&Motions; 2], share: &[Real; LANES]) {
    m.a.velocity = Vector4::zero();
    m.a.angular = Vector4::zero();
    m.b.velocity = Vector4::zero();
    m.b.angular = Vector4::zero();
    let (push, [la, lb]) = held(m);
    m.push(push);
    m.spin(la, lb);
    let given = motions(m);
    let inverse = [m.a.inverse_mass.to_array(), m.b.inverse_mass.to_array()];
    let mut left = *before;
    for lane in (0..LANES).filter(|lane| bounced >> lane & 1 != 0) {
        for end in 0..2 {
            let change: [Vec3; 2] = core::array::from_fn(|k| scale(sub(after[lane][end][k], before[lane][end][k]), share[lane]));
            left[lane][end] = [add(before[lane][end][0], change[0]), add(before[lane][end][1], change[1])];
            if inverse[end][lane] > 0.0 {
                let by = [add(given[lane][end][0], change[0]), add(given[lane][end][1], change[1])];
                forget_given(m.world, m.slots[end][lane] as usize, by);
            }
        }
    }
    let wide = |end: usize, k: usize| {
        let axis = |i: usize| Real4::from_array(core::array::from_fn(|lane| left[lane][end][k][i]));
        Vector4::new(axis(0), axis(1), axis(2))
    };
    (m.a.velocity, m.a.angular, m.b.velocity, m.b.angular) = (wide(0, 0), wide(0, 1), wide(1, 0), wide(1, 1));
    let impulses = (0..m.points).map(|k| field::POINT + k * field::STRIDE + field::IMPULSE);
    for index in impulses.chain([field::TANGENT, field::TANGENT + 1, field::TWIST, field::ROLL, field::ROLL + 1, field::ROLL + 2]) {
        m.save(index, chosen(bounced, Real4::splat(0.0), m.load(index)));
    }
}
