//! How many particles each system gets in a step, and where: what its rate and bursts give, what calls asked for, and the offspring of the dead.
//!
//! Calls with a place of their own, and deaths, leave *broods*: a system, a number, a place, a velocity, a turn and a scale. They are sorted by system
//! here; newborn j of a system belongs to the brood whose numbers hold j, and those beyond all broods come from the emitter.

use super::particle_pages::fit;
use super::particle_random::rotate;
use super::particle_system::*;
use crate::geometry::vector::multiply;
use crate::layout::{BROOD_WORDS, PARTICLE_PAGE};
use crate::wide::Real;
use crate::world::{counter, flag, World};

/// Firings of one burst in one step at most.
const FIRINGS: usize = 64;

/// Word `index` of a brood.
#[inline(always)]
pub fn brood(world: &World, number: usize, index: usize) -> usize {
    world.columns.brood_word.get(number * BROOD_WORDS + index) as usize
}

/// Words of a brood: system, particles, first of them among the newborn of the system.
pub const FIRST: usize = 2;

/// Numbers of a brood.
#[allow(missing_docs)]
pub mod origin {
    pub const PLACE: usize = 0;
    pub const VELOCITY: usize = 3;
    /// What turns the shape and the direction of the system.
    pub const TURN: usize = 6;
    /// Factor of speed, life and size; its square is that of the shape.
    pub const SCALE: usize = 10;
}

/// Plans the births of all systems but the built-in one, and gives them the pages.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let systems = systems(world);
    sort_broods(world, systems);
    let mut room = world.capacity.particles - world.count(counter::PARTICLES);
    let mut dropped = world.count(counter::DROPPED_PARTICLES);
    set_word(world, 0, word::RESERVE, word_of(world, 0, word::COUNT));
    for s in 1..systems {
        let wanted = if flags_of(world, s) & bit::LIVE != 0 { demand(world, s) } else { 0 };
        let count = word_of(world, s, word::COUNT);
        let births = wanted.min(room).min(word_of(world, s, word::MOST).saturating_sub(count));
        dropped = dropped.saturating_add(wanted - births);
        room -= births;
        set_word(world, s, word::BIRTHS, births);
        set_word(world, s, word::RESERVE, count + births);
    }
    world.set_count(counter::DROPPED_PARTICLES, dropped.min(u32::MAX as usize));
    fit(world);
}

/// Sorts the broods by system, those of one system in the order they came.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn sort_broods(world: &mut World, systems: usize) {
    let broods = world.count(counter::BROODS).min(world.capacity.broods());
    let heir = |number: usize| {
        let s = brood(world, number, 0);
        (s < systems && flags_of(world, s) & bit::LIVE != 0).then_some(s)
    };
    for s in 0..systems {
        set_word(world, s, word::BROOD_END, 0);
        set_word(world, s, word::BROODED, 0);
    }
    for s in (0..broods).filter_map(heir) {
        set_word(world, s, word::BROOD_END, word_of(world, s, word::BROOD_END) + 1);
    }
    let mut start = 0;
    for s in 0..systems {
        let count = word_of(world, s, word::BROOD_END);
        set_word(world, s, word::BROOD, start);
        set_word(world, s, word::BROOD_END, start);
        start += count;
    }
    for number in 0..broods {
        let Some(s) = heir(number) else { continue };
        let (place, first) = (word_of(world, s, word::BROOD_END), word_of(world, s, word::BROODED));
        world.columns.brood_order.set(place, number as u32);
        world.columns.brood_word.set(number * BROOD_WORDS + FIRST, first as u32);
        set_word(world, s, word::BROOD_END, place + 1);
        set_word(world, s, word::BROODED, first + brood(world, number, 1).min(world.capacity.particles));
    }
    world.set_count(counter::BROODS, 0);
}

/// Particles that a system would get in this step; its emitter goes where its entity is.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn demand(world: &World, s: usize) -> usize {
    let dt = world.parameters.dt as f32;
    let phase = real_of(world, s, real::PHASE) + dt * real_of(world, s, real::TURBULENCE + 2);
    set_real(world, s, real::PHASE, if phase < 1.0 { phase } else { phase - phase.floor() });
    let mut wanted = word_of(world, s, word::BROODED);
    let asked = word_of(world, s, word::ASKED);
    set_word(world, s, word::ASKED, 0);
    if !follow(world, s) {
        return wanted;
    }
    wanted += asked;
    let lasts = real_of(world, s, real::LASTS);
    if lasts > 0.0 {
        let due = real_of(world, s, real::DUE) + real_of(world, s, real::RATE) * dt.min(lasts);
        // What no pool could hold is not owed for ever.
        let whole = (due as usize).min(1 << 24);
        set_real(world, s, real::DUE, if whole < 1 << 24 { due - whole as f32 } else { 0.0 });
        set_real(world, s, real::LASTS, lasts - dt);
        wanted += whole;
    }
    for k in 0..BURSTS {
        let [count, every] = [real::BURST_COUNT, real::BURST_EVERY].map(|index| real_of(world, s, index + k));
        if count < 1.0 {
            continue;
        }
        let mut waits = real_of(world, s, real::BURST_IN + k) - dt;
        for _ in 0..FIRINGS {
            if waits > 0.0 {
                break;
            }
            wanted += count as usize;
            waits = if every > 0.0 { waits + every } else { f32::MAX };
        }
        set_real(world, s, real::BURST_IN + k, waits);
    }
    wanted
}

/// Notes where the emitter is and the velocity that its particles get; false when its entity is not there.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn follow(world: &World, s: usize) -> bool {
    let c = &world.columns;
    let e = word_of(world, s, word::ENTITY);
    let mut origin: [f32; 3] = reals_of(world, s, real::POSITION);
    let mut turn: [f32; 4] = reals_of(world, s, real::ROTATION);
    let mut push: [f32; 3] = reals_of(world, s, real::VELOCITY);
    if e != 0 {
        if e >= world.capacity.entities || c.live.get(e) & flag::BODY == 0 {
            return false;
        }
        let three = |columns: [&crate::column::Column<Real>; 3]| columns.map(|column| column.get(e));
        let q = [c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e)];
        turn = multiply(q, turn.map(|v| v as Real)).map(|v| v as f32);
        let place = three([&c.position_x, &c.position_y, &c.position_z]);
        let velocity = three([&c.velocity_x, &c.velocity_y, &c.velocity_z]);
        let spin = three([&c.angular_x, &c.angular_y, &c.angular_z]).map(|v| v as f32);
        let arm = rotate(q.map(|v| v as f32), origin);
        let share = real_of(world, s, real::INHERIT);
        let swing = [spin[1] * arm[2] - spin[2] * arm[1], spin[2] * arm[0] - spin[0] * arm[2], spin[0] * arm[1] - spin[1] * arm[0]];
        for axis in 0..3 {
            origin[axis] = (place[axis] + arm[axis] as Real) as f32;
            push[axis] += share * (velocity[axis] as f32 + swing[axis]);
        }
    }
    for axis in 0..3 {
        set_real(world, s, real::ORIGIN + axis, origin[axis]);
        set_real(world, s, real::PUSH + axis, push[axis]);
    }
    for (k, v) in turn.into_iter().enumerate() {
        set_real(world, s, real::TURN + k, v);
    }
    true
}

/// Particles of page `k` of a system, those born in this step included, and how many of them are not.
#[inline(always)]
pub fn share(world: &World, s: usize, k: usize) -> (usize, usize) {
    let (count, births) = (word_of(world, s, word::COUNT), word_of(world, s, word::BIRTHS));
    let first = k * PARTICLE_PAGE;
    ((count + births).saturating_sub(first).min(PARTICLE_PAGE), count.saturating_sub(first).min(PARTICLE_PAGE))
}
