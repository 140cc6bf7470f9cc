//! `particles`: bursts and emitters fill the pool, every particle moves, dead ones make room at once.
//!
//! The pool is dense: particles 0 … count − 1 are alive, so a dead one costs nothing. Blocks move their particles and note who died; then the
//! holes are filled from the end, in order, by the caller: the work is that of the deaths, and the order is the same on every machine.
//! The pool is in 32-bit floats in either precision.
//! Random numbers are PCG hashes (Jarzynski & Olano 2020) of one counter that is part of the state.

use crate::column::Column;
use crate::layout::{BLOCK, EMISSION};
use crate::wide::{Float4, LANES};
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

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    emit_bursts(world);
    emit_emitters(world);
    let count = world.count(counter::PARTICLES);
    {
        let world = &*world;
        world.jobs.run(count.div_ceil(BLOCK), |block| fly(world, block, count));
    }
    fill_holes(world, count);
}

/// A stream of random numbers from the world's counter.
struct Random(u32);

impl Random {
    /// A number in [0, 1).
    fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(1);
        let state = self.0.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
        (((word >> 22) ^ word) >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A unit vector within a cone about `axis`, uniform on the sphere's cap.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn in_cone(&mut self, axis: [f32; 3], cosine: f32) -> [f32; 3] {
        let along = self.between(cosine, 1.0);
        let across = (1.0 - along * along).max(0.0).sqrt();
        let (u, v) = self.on_circle();
        let [tangent, other] = basis(axis);
        core::array::from_fn(|i| axis[i] * along + (tangent[i] * u + other[i] * v) * across)
    }

    /// A point of the unit circle, by rejection: no sine, whose last bit depends on the library.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn on_circle(&mut self) -> (f32, f32) {
        for _ in 0..32 {
            let (u, v) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let length2 = u * u + v * v;
            if length2 > 1e-4 && length2 <= 1.0 {
                let scale = 1.0 / length2.sqrt();
                return (u * scale, v * scale);
            }
        }
        (1.0, 0.0)
    }
}

/// Two unit vectors that complete a unit vector to a right-handed basis (Duff et al. 2017).
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn basis(n: [f32; 3]) -> [[f32; 3]; 2] {
    let sign = if n[2] >= 0.0 { 1.0 } else { -1.0 };
    let a = -1.0 / (sign + n[2]);
    let b = n[0] * n[1] * a;
    [[1.0 + sign * n[0] * n[0] * a, sign * b, -sign * n[0]], [b, sign + n[1] * n[1] * a, -n[1]]]
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn emit_bursts(world: &mut World) {
    let bursts = world.columns.settings.get(setting::BURSTS) as usize;
    world.set_count(counter::DROPPED_PARTICLES, 0);
    for index in 0..bursts.min(crate::layout::MAX_BURSTS) {
        let values: [f32; EMISSION] = core::array::from_fn(|k| world.columns.bursts.get(index * EMISSION + k));
        spawn(world, &values, values[COUNT_OR_RATE] as usize);
    }
    world.columns.settings.set(setting::BURSTS, 0.0);
}

/// Each emitter gives rate · dt particles, the fraction by chance: no accumulator, so an emitter has no state of its own.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn emit_emitters(world: &mut World) {
    let emitters = world.columns.settings.get(setting::EMITTERS) as usize;
    for index in 0..emitters.min(world.capacity.emitters) {
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

/// `v` turned by the unit quaternion `q`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn rotate(q: [f32; 4], v: [f32; 3]) -> [f32; 3] {
    let cross = |a: [f32; 3], b: [f32; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let u = [q[0], q[1], q[2]];
    let t = cross(u, v).map(|x| 2.0 * x);
    let ut = cross(u, t);
    core::array::from_fn(|i| v[i] + q[3] * t[i] + ut[i])
}

/// Adds `count` particles; what finds no place is dropped and counted.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn spawn(world: &mut World, values: &[f32; EMISSION], count: usize) {
    let alive = world.count(counter::PARTICLES);
    let fits = count.min(world.capacity.particles - alive);
    let mut random = Random(world.count(counter::SEED) as u32);
    for particle in alive..alive + fits {
        write_particle(world, particle, values, &mut random);
    }
    world.set_count(counter::SEED, random.0 as usize);
    world.set_count(counter::PARTICLES, alive + fits);
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
    let columns = all(world);
    let new = [
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
    debug_assert!(i < c.particle_x.len());
    for (column, value) in columns.into_iter().zip(new) {
        column.set(i, value);
    }
}

/// The columns of a particle.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn all(world: &World) -> [Column<f32>; 14] {
    let c = &world.columns;
    [
        c.particle_x,
        c.particle_y,
        c.particle_z,
        c.particle_vx,
        c.particle_vy,
        c.particle_vz,
        c.particle_left,
        c.particle_rate,
        c.particle_size,
        c.particle_drag,
        c.particle_gravity,
        c.particle_r,
        c.particle_g,
        c.particle_b,
    ]
}

/// Moves one block: v ← v/(1 + dt·drag) + dt·scale·g, x += dt·v, and notes the dead in order.
fn fly(world: &World, block: usize, count: usize) {
    let c = &world.columns;
    let step = world.parameters.dt as f32;
    let dt = Float4::splat(step);
    let one = Float4::splat(1.0);
    let gravity = world.parameters.gravity.map(|g| Float4::splat(g as f32 * step));
    let mut dead = 0;
    let end = ((block + 1) * BLOCK).min(count);
    for i in (block * BLOCK..end).step_by(LANES) {
        let damping = one / (one + dt * c.particle_drag.load(i));
        let pull = c.particle_gravity.load(i);
        let axes = [(c.particle_x, c.particle_vx), (c.particle_y, c.particle_vy), (c.particle_z, c.particle_vz)];
        for (axis, (place, speed)) in axes.into_iter().enumerate() {
            let v = speed.load(i) * damping + pull * gravity[axis];
            speed.store(i, v);
            place.store(i, place.load(i) + v * dt);
        }
        let left = c.particle_left.load(i) - dt;
        c.particle_left.store(i, left);
        let mut bits = left.le(Float4::splat(0.0)).bits();
        if end - i < LANES {
            bits &= (1 << (end - i)) - 1;
        }
        while bits != 0 {
            c.dead.set(block * BLOCK + dead, i as u32 + bits.trailing_zeros());
            bits &= bits - 1;
            dead += 1;
        }
    }
    c.dead_count.set(block, dead as u32);
}

/// Moves the last living particles into the holes, lowest hole first.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn fill_holes(world: &mut World, count: usize) {
    let columns = all(world);
    let c = world.columns;
    let blocks = count.div_ceil(BLOCK);
    let deaths: usize = (0..blocks).map(|block| c.dead_count.get(block) as usize).sum();
    let alive = count - deaths;
    let mut last = count;
    'holes: for block in 0..blocks {
        for k in 0..c.dead_count.get(block) as usize {
            let hole = c.dead.get(block * BLOCK + k) as usize;
            if hole >= alive {
                break 'holes;
            }
            last -= 1;
            while c.particle_left.get(last) <= 0.0 {
                last -= 1;
            }
            for column in &columns {
                column.set(hole, column.get(last));
            }
        }
    }
    world.set_count(counter::PARTICLES, alive);
}
