//! The newborn of a page: where they start, where they fly, how long they live. Each draws from a stream of its own, so that pages are filled in
//! parallel and a system's particles depend on nothing but the system.

use super::particle_pages::{field, Page};
use super::particle_plan::{brood, origin, FIRST};
use super::particle_random::{rotate, Random};
use super::particle_system::*;
use crate::layout::{BROOD_REALS, PARTICLE_PAGE};
use crate::shapes;
use crate::world::World;

/// Triangles that a newborn asks at most: beyond, it takes the last.
const TRIES: usize = 4096;

/// Where newborn come from.
#[derive(Clone, Copy)]
struct Origin {
    place: [f32; 3],
    turn: [f32; 4],
    velocity: [f32; 3],
    scale: f32,
}

/// Writes newborn into places `from..to` of page `k` of a system.
#[inline(never)]
pub fn fill(world: &World, s: usize, page: Page, k: usize, (from, to): (usize, usize)) {
    let count = word_of(world, s, word::COUNT);
    let (born, seed) = (word_of(world, s, word::BORN) as u32, word_of(world, s, word::SEED) as u32);
    let brooded = word_of(world, s, word::BROODED);
    let emitter = Origin {
        place: reals_of(world, s, real::ORIGIN),
        turn: reals_of(world, s, real::TURN),
        velocity: reals_of(world, s, real::PUSH),
        scale: 1.0,
    };
    let emission = Emission::read(world, s);
    let (mut origin, mut until) = (emitter, 0);
    for j in from..to {
        let newborn = k * PARTICLE_PAGE + j - count;
        if newborn >= until {
            (origin, until) = if newborn < brooded { origin_of(world, s, newborn) } else { (emitter, usize::MAX) };
        }
        let random = Random::of(seed, born.wrapping_add(newborn as u32));
        emission.write(world, page, j, (&origin, random));
    }
}

/// The brood of newborn number `newborn`, and the first newborn that is not of it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn origin_of(world: &World, s: usize, newborn: usize) -> (Origin, usize) {
    let c = &world.columns;
    let (mut low, mut high) = (word_of(world, s, word::BROOD), word_of(world, s, word::BROOD_END));
    while high - low > 1 {
        let middle = (low + high) / 2;
        if brood(world, c.brood_order.get(middle) as usize, FIRST) <= newborn {
            low = middle;
        } else {
            high = middle;
        }
    }
    let number = c.brood_order.get(low) as usize;
    let own = |index: usize| c.brood_real.get(number * BROOD_REALS + index);
    let found = Origin {
        place: core::array::from_fn(|axis| own(origin::PLACE + axis)),
        turn: core::array::from_fn(|k| own(origin::TURN + k)),
        velocity: core::array::from_fn(|axis| own(origin::VELOCITY + axis)),
        scale: own(origin::SCALE),
    };
    (found, brood(world, number, FIRST) + brood(world, number, 1))
}

/// What the newborn of a system have in common.
struct Emission {
    flags: u32,
    shape: u32,
    mesh: usize,
    extent: [f32; 3],
    direction: [f32; 3],
    spread: f32,
    speed: [f32; 2],
    life: [f32; 2],
    size: [f32; 2],
}

impl Emission {
    fn read(world: &World, s: usize) -> Self {
        Self {
            flags: flags_of(world, s),
            shape: word_of(world, s, word::SHAPE) as u32,
            mesh: word_of(world, s, word::MESH),
            extent: reals_of(world, s, real::EXTENT),
            direction: reals_of(world, s, real::DIRECTION),
            spread: real_of(world, s, real::SPREAD),
            speed: reals_of(world, s, real::SPEED),
            life: reals_of(world, s, real::LIFE),
            size: reals_of(world, s, real::SIZE),
        }
    }

    #[inline(always)]
    fn write(&self, world: &World, page: Page, j: usize, (origin, mut random): (&Origin, Random)) {
        let (offset, mut direction) = if self.shape == shape::MESH { self.on_mesh(world, &mut random) } else { self.start(&mut random) };
        if self.spread < 1.0 {
            direction = random.in_cone(direction, self.spread);
        }
        // What flies as much faster as longer flies the square of that as far: so much larger is the place where it begins.
        let scale = origin.scale;
        let speed = random.between(self.speed[0], self.speed[1]) * scale;
        let offset = rotate(origin.turn, offset.map(|v: f32| v * scale * scale));
        let direction = rotate(origin.turn, direction);
        let life = random.between(self.life[0], self.life[1]) * scale;
        let particle = &world.columns.particle;
        for axis in 0..3 {
            particle.set(page.at(field::X + axis, j), origin.place[axis] + offset[axis]);
            particle.set(page.at(field::VX + axis, j), origin.velocity[axis] + direction[axis] * speed);
        }
        particle.set(page.at(field::LEFT, j), life);
        particle.set(page.at(field::RATE, j), 1.0 / life);
        particle.set(page.at(field::SIZE, j), random.between(self.size[0], self.size[1]) * scale);
        if self.flags & bit::EXTRAS != 0 {
            world.columns.particle_extra.set(page.extra(0, j), 0.0);
        }
    }

    /// A place of the shape and the middle of the directions there.
    fn start(&self, random: &mut Random) -> ([f32; 3], [f32; 3]) {
        let outward = self.flags & bit::OUTWARD != 0;
        let surface = self.flags & bit::SURFACE != 0;
        match self.shape {
            shape::SPHERE => {
                let normal = random.in_cone([0.0, 0.0, 1.0], -1.0);
                // The largest of three numbers is spread like the cube root of one.
                let share = if surface { 1.0 } else { random.unit().max(random.unit()).max(random.unit()) };
                (normal.map(|v| v * share * self.extent[0]), if outward { normal } else { self.direction })
            }
            shape::CONE => {
                let across = random.in_cone(self.direction, 0.0);
                let flat = flatten(across, self.direction);
                let share = random.unit().max(random.unit());
                let tilt = self.extent[1] * share;
                let direction = core::array::from_fn(|i| self.direction[i] + flat[i] * tilt);
                (flat.map(|v| v * share * self.extent[0]), unit(direction, self.direction))
            }
            shape::BOX => {
                let mut place: [f32; 3] = core::array::from_fn(|_| random.between(-1.0, 1.0));
                let mut normal = place;
                if surface {
                    let axis = self.face(random.unit());
                    let side = if place[axis] < 0.0 { -1.0 } else { 1.0 };
                    place[axis] = side;
                    normal = [0.0; 3];
                    normal[axis] = side;
                }
                let place = core::array::from_fn(|axis| place[axis] * self.extent[axis]);
                (place, if outward { unit(normal, self.direction) } else { self.direction })
            }
            _ => ([0.0; 3], if outward { random.in_cone([0.0, 0.0, 1.0], -1.0) } else { self.direction }),
        }
    }

    /// A place on the triangles of a mesh: any triangle is as likely, and taken with the share of its area in the largest one's; `extent[0]` is the
    /// square of twice that.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn on_mesh(&self, world: &World, random: &mut Random) -> ([f32; 3], [f32; 3]) {
        let Some(mesh) = shapes::mesh(world, self.mesh) else { return ([0.0; 3], self.direction) };
        let mut found = ([0.0; 3], self.direction);
        for _ in 0..TRIES {
            random.leap();
            let triangle = (random.unit() * mesh.indices.len() as f32) as usize;
            let [a, b, c] = mesh.indices[triangle.min(mesh.indices.len() - 1)].map(|v| mesh.vertices[v as usize].map(|v| v as f32));
            let (u, v): ([f32; 3], [f32; 3]) = (core::array::from_fn(|i| b[i] - a[i]), core::array::from_fn(|i| c[i] - a[i]));
            let n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
            let (share, along) = (random.unit().sqrt(), random.unit());
            let place = core::array::from_fn(|i| a[i] + (u[i] * (1.0 - along) + v[i] * along) * share);
            found = (place, if self.flags & bit::OUTWARD != 0 { unit(n, self.direction) } else { self.direction });
            let least = random.unit();
            if n[0] * n[0] + n[1] * n[1] + n[2] * n[2] >= least * least * self.extent[0] {
                break;
            }
        }
        found
    }

    /// An axis, as often as its two faces are large.
    fn face(&self, at: f32) -> usize {
        let [x, y, z] = self.extent;
        let areas = [y * z, z * x, x * y];
        let at = at * (areas[0] + areas[1] + areas[2]);
        if at < areas[0] {
            0
        } else if at < areas[0] + areas[1] {
            1
        } else {
            2
        }
    }
}

/// The unit vector along what `v` has across `axis`.
fn flatten(v: [f32; 3], axis: [f32; 3]) -> [f32; 3] {
    let along = v[0] * axis[0] + v[1] * axis[1] + v[2] * axis[2];
    unit(core::array::from_fn(|i| v[i] - axis[i] * along), [0.0; 3])
}

/// `v` at length one; `fallback` where it has none.
fn unit(v: [f32; 3], fallback: [f32; 3]) -> [f32; 3] {
    let length2 = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    if length2 > 0.0 {
        let scale = 1.0 / length2.sqrt();
        v.map(|x| x * scale)
    } else {
        fallback
    }
}
