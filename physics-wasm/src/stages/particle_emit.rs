//! Births in the built-in system, whose particles have drag, gravity and colour of their own: bursts, then emitters, in order, from one stream
//! of random numbers that is part of the state.

use super::particle_pages::{field, fit, locate};
use super::particle_random::{rotate, Random};
use super::particle_system::{set_word, systems, word, word_of};
use crate::layout::{EMISSION, MAX_BURSTS, PARTICLE_EXTRAS, PARTICLE_FIELDS};
use crate::world::{counter, flag, setting, World};

/// Parameters of a burst or emitter. JavaScript writes them in this order.
pub mod parameter {
    #![allow(missing_docs)]
    pub const COUNT_OR_RATE: usize = 0;
    pub const X: usize = 1;
    pub const VX: usize = 4;
    pub const DIRECTION: usize = 7;
    /// Cosine of the half-angle of the cone, from the half-angle by `cosine`.
    pub const SPREAD: usize = 10;
    pub const SPEED: usize = 11;
    pub const LIFE: usize = 13;
    pub const SIZE: usize = 15;
    pub const COLOUR: usize = 17;
    pub const DRAG: usize = 20;
    pub const GRAVITY: usize = 21;
    pub const RADIUS: usize = 22;
    /// Emitters: the entity that is followed, 0 for none.
    pub const ENTITY: usize = 23;
}
use parameter::*;

/// Emits what is due.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    world.set_count(counter::DROPPED_PARTICLES, 0);
    let before = world.count(counter::PARTICLES);
    let bursts = (world.columns.settings.get(setting::BURSTS) as usize).min(MAX_BURSTS);
    let emitters = (world.columns.settings.get(setting::EMITTERS) as usize).min(world.capacity.emitters);
    reserve(world, bursts, emitters);
    emit_bursts(world, bursts);
    emit_emitters(world, emitters);
    world.set_count(counter::PARTICLES_BORN, world.count(counter::PARTICLES) - before);
}

/// Pages for what may be born at most: how many it is depends on the numbers drawn on the way.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn reserve(world: &World, bursts: usize, emitters: usize) {
    let c = &world.columns;
    let dt = world.parameters.dt as f32;
    let mut most = 0usize;
    for index in 0..bursts {
        most = most.saturating_add(c.bursts.get(index * EMISSION + COUNT_OR_RATE) as usize);
    }
    for index in 0..emitters {
        let wanted = c.emitters.get(index * EMISSION + COUNT_OR_RATE) * dt;
        if wanted > 0.0 {
            most = most.saturating_add((wanted as usize).saturating_add(1));
        }
    }
    for s in 0..systems(world) {
        set_word(world, s, word::RESERVE, word_of(world, s, word::COUNT));
    }
    if most > 0 {
        let room = world.capacity.particles - world.count(counter::PARTICLES);
        set_word(world, 0, word::RESERVE, word_of(world, 0, word::COUNT) + most.min(room));
        fit(world);
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn emit_bursts(world: &mut World, bursts: usize) {
    for index in 0..bursts {
        let values: [f32; EMISSION] = core::array::from_fn(|k| world.columns.bursts.get(index * EMISSION + k));
        spawn(world, &values, values[COUNT_OR_RATE] as usize);
    }
    world.columns.settings.set(setting::BURSTS, 0.0);
}

/// Each emitter gives rate · dt particles, the fraction by chance: no accumulator, so an emitter has no state of its own.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn emit_emitters(world: &mut World, emitters: usize) {
    for index in 0..emitters {
        let mut values: [f32; EMISSION] = core::array::from_fn(|k| world.columns.emitters.get(index * EMISSION + k));
        let wanted = values[COUNT_OR_RATE] * world.parameters.dt as f32;
        if wanted <= 0.0 || !follow(world, &mut values) {
            continue;
        }
        let mut random = Random(world.count(counter::SEED) as u32);
        let count = (wanted + random.unit()) as usize;
        world.set_count(counter::SEED, random.0 as usize);
        spawn(world, &values, count);
    }
}

/// Puts an emitter into the frame of its entity; false when the entity is not there.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn follow(world: &World, values: &mut [f32; EMISSION]) -> bool {
    let e = values[ENTITY] as usize;
    if e == 0 {
        return true;
    }
    let c = &world.columns;
    if e >= world.capacity.entities || c.live.get(e) & flag::BODY == 0 {
        return false;
    }
    let q = [c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e)].map(|v| v as f32);
    for (at, origin) in [(X, [&c.position_x, &c.position_y, &c.position_z]), (DIRECTION, [&c.position_x; 3])] {
        let v = rotate(q, [values[at], values[at + 1], values[at + 2]]);
        for axis in 0..3 {
            values[at + axis] = if at == X { origin[axis].get(e) as f32 + v[axis] } else { v[axis] };
        }
    }
    for (axis, column) in [&c.velocity_x, &c.velocity_y, &c.velocity_z].into_iter().enumerate() {
        values[VX + axis] += column.get(e) as f32;
    }
    true
}

/// Adds `count` particles; what finds no place is dropped and counted.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn spawn(world: &mut World, values: &[f32; EMISSION], count: usize) {
    let (all, alive) = (world.count(counter::PARTICLES), word_of(world, 0, word::COUNT));
    let fits = count.min(world.capacity.particles - all);
    let mut random = Random(world.count(counter::SEED) as u32);
    for particle in alive..alive + fits {
        write_particle(world, particle, values, &mut random);
    }
    world.set_count(counter::SEED, random.0 as usize);
    world.set_count(counter::PARTICLES, all + fits);
    set_word(world, 0, word::COUNT, alive + fits);
    world.set_count(counter::DROPPED_PARTICLES, world.count(counter::DROPPED_PARTICLES) + count - fits);
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn write_particle(world: &World, i: usize, values: &[f32; EMISSION], random: &mut Random) {
    let c = &world.columns;
    let direction = random.in_cone([values[DIRECTION], values[DIRECTION + 1], values[DIRECTION + 2]], values[SPREAD]);
    let speed = random.between(values[SPEED], values[SPEED + 1]);
    let offset = values[RADIUS] * random.unit();
    let place = if values[RADIUS] > 0.0 { random.in_cone([0.0, 0.0, 1.0], -1.0).map(|v| v * offset) } else { [0.0; 3] };
    let life = random.between(values[LIFE], values[LIFE + 1]);
    let bright = random.between(0.75, 1.0);
    let new: [f32; PARTICLE_FIELDS + PARTICLE_EXTRAS] = [
        values[X] + place[0],
        values[X + 1] + place[1],
        values[X + 2] + place[2],
        values[VX] + direction[0] * speed,
        values[VX + 1] + direction[1] * speed,
        values[VX + 2] + direction[2] * speed,
        life,
        1.0 / life,
        random.between(values[SIZE], values[SIZE + 1]),
        values[DRAG],
        values[GRAVITY],
        values[COLOUR] * bright,
        values[COLOUR + 1] * bright,
        values[COLOUR + 2] * bright,
    ];
    let (page, j) = locate(world, 0, i);
    for (k, value) in new[..PARTICLE_FIELDS].iter().enumerate() {
        c.particle.set(page.at(field::X + k, j), *value);
    }
    for (k, value) in new[PARTICLE_FIELDS..].iter().enumerate() {
        c.particle_extra.set(page.extra(k, j), *value);
    }
}
