//! `sweep`: bullets. Each goes along a straight path over the step and stops at the first body that it meets, so nothing is ever tunnelled
//! through, whatever its speed.
//!
//! A bullet walks the rows of cells that its path's box covers, tests four bodies at a time against the path (distance to the segment below
//! the sum of radius and reach), and solves the meeting exactly for those that pass: both move in a straight line, the target from where
//! the step found it to where it is now. Large bodies, planes, and what a contact of this step threw beyond its own reach are tested apart.
//!
//! A block writes its own bullets; the hits are then listed in bullet order, and what they do to the targets is applied in that order.

use super::collide::{dot, position, sub, velocity};
use super::find_pairs::{accepts, for_each_row};
use super::plane;
use super::solve::bounciness;
use crate::layout::MAX_PLANES;
use crate::wide::{Real, Real4, Vector4, LANES};
use crate::world::{counter, flag, World};

/// Bullets a claim sweeps.
const BULLETS_A_BLOCK: usize = 256;

/// Runs the stage.
pub fn run(world: &mut World) {
    let bullets = world.count(counter::BULLETS);
    {
        let world = &*world;
        world.jobs.run(bullets.div_ceil(BULLETS_A_BLOCK), |block| {
            for k in block * BULLETS_A_BLOCK..((block + 1) * BULLETS_A_BLOCK).min(bullets) {
                fly(world, k);
            }
        });
    }
    list_hits(world, bullets);
}

/// A bullet on its way through the step.
struct Flight<'a> {
    world: &'a World,
    bullet: usize,
    start: [Real; 3],
    path: [Real; 3],
    radius: Real,
    best: Hit,
}

/// The first body met: its id (0 for none), the share of the step, the normal from the body to the bullet.
#[derive(Clone, Copy)]
struct Hit {
    other: u32,
    time: Real,
    normal: [Real; 3],
}

fn fly(world: &World, k: usize) {
    let c = &world.columns;
    let bullet = c.bullet_id.get(k) as usize;
    let dt = world.parameters.dt;
    let v = velocity(world, bullet);
    let a = [c.acceleration_x.get(bullet), c.acceleration_y.get(bullet), c.acceleration_z.get(bullet)];
    let path = core::array::from_fn(|axis| dt * (v[axis] - a[axis] * (0.5 * dt)));
    let start = position(world, bullet);
    let mut flight =
        Flight { world, bullet, start, path, radius: c.radius.get(bullet), best: Hit { other: 0, time: 2.0, normal: [0.0; 3] } };
    flight.search();
    flight.land(k, v);
}

impl Flight<'_> {
    /// Finds the first body on the path.
    fn search(&mut self) {
        let world = self.world;
        let c = &world.columns;
        let margin = world.grid.half + self.radius;
        let end: [Real; 3] = core::array::from_fn(|axis| self.start[axis] + self.path[axis]);
        let low = core::array::from_fn(|axis| self.start[axis].min(end[axis]) - margin);
        let high = core::array::from_fn(|axis| self.start[axis].max(end[axis]) + margin);
        let segment = Segment::new(self.start, self.path, self.radius);
        if world.grid.bodies > 0 {
            for_each_row(world, low, high, |start, end| {
                segment.scan([&c.sorted_x, &c.sorted_y, &c.sorted_z, &c.sorted_reach], start, end, |k| {
                    self.meet(c.sorted_id.get(k), [c.sorted_x.get(k), c.sorted_y.get(k), c.sorted_z.get(k)]);
                });
            });
        }
        segment.scan([&c.large_x, &c.large_y, &c.large_z, &c.large_reach], 0, world.grid.large, |k| {
            self.meet(c.large_id.get(k), [c.large_x.get(k), c.large_y.get(k), c.large_z.get(k)]);
        });
        let knocked = world.count(counter::KNOCKED);
        segment.scan([&c.knocked_x, &c.knocked_y, &c.knocked_z, &c.knocked_reach], 0, knocked, |k| {
            self.meet(c.knocked_id.get(k), [c.knocked_x.get(k), c.knocked_y.get(k), c.knocked_z.get(k)]);
        });
        for slot in 0..MAX_PLANES {
            match c.plane_ids.get(slot) {
                0 => break,
                plane => self.meet_plane(plane),
            }
        }
    }

    /// Takes a hit that is earlier than the best, or as early and of a lower id.
    fn take(&mut self, hit: Hit) {
        if hit.time < self.best.time || (hit.time == self.best.time && hit.other < self.best.other) {
            self.best = hit;
        }
    }

    /// The moment at which the bullet meets a sphere that was at `from` when the step began.
    fn meet(&mut self, other: u32, from: [Real; 3]) {
        let (world, e) = (self.world, other as usize);
        if !accepts(world, self.bullet, e) {
            return;
        }
        let moved = sub(position(world, e), from);
        let sum = self.radius + world.columns.radius.get(e);
        let d = sub(self.start, from);
        let w = sub(self.path, moved);
        let (aa, bb, cc) = (dot(w, w), dot(d, w), dot(d, d) - sum * sum);
        let root = bb * bb - aa * cc;
        if bb >= 0.0 || root < 0.0 {
            return;
        }
        let time = if cc <= 0.0 { 0.0 } else { cc / (root.sqrt() - bb) };
        if !(0.0..=1.0).contains(&time) {
            return;
        }
        let at: [Real; 3] = core::array::from_fn(|axis| d[axis] + w[axis] * time);
        let length = dot(at, at).sqrt();
        let normal = if length > 0.0 { at.map(|v| v / length) } else { [0.0, 1.0, 0.0] };
        self.take(Hit { other, time, normal });
    }

    fn meet_plane(&mut self, plane: u32) {
        let (world, e) = (self.world, plane as usize);
        if !accepts(world, self.bullet, e) {
            return;
        }
        let normal = plane::normal(world, e);
        let height = plane::height(world, e, self.bullet) - self.radius;
        let closing = -dot(normal, self.path);
        if closing > 0.0 && height <= closing {
            self.take(Hit { other: plane, time: (height / closing).max(0.0), normal });
        }
    }

    /// Moves the bullet to the end of its path or to its hit, where it takes its share of the impulse.
    fn land(&self, k: usize, v: [Real; 3]) {
        let c = &self.world.columns;
        let (e, hit) = (self.bullet, &self.best);
        let share = if hit.other == 0 { 1.0 } else { hit.time };
        c.position_x.set(e, self.start[0] + self.path[0] * share);
        c.position_y.set(e, self.start[1] + self.path[1] * share);
        c.position_z.set(e, self.start[2] + self.path[2] * share);
        c.sweep_other.set(k, hit.other);
        if hit.other == 0 {
            return;
        }
        let other = hit.other as usize;
        let target_mass = inverse_mass(self.world, other);
        let own_mass = inverse_mass(self.world, e);
        let speed = dot(hit.normal, sub(v, velocity(self.world, other)));
        let restitution = bounciness(self.world, e, other);
        let masses = own_mass + target_mass;
        let impulse = if masses > 0.0 { ((1.0 + restitution) * -speed / masses).max(0.0) } else { 0.0 };
        if own_mass > 0.0 {
            c.velocity_x.set(e, v[0] + hit.normal[0] * impulse * own_mass);
            c.velocity_y.set(e, v[1] + hit.normal[1] * impulse * own_mass);
            c.velocity_z.set(e, v[2] + hit.normal[2] * impulse * own_mass);
        }
        c.sweep_nx.set(k, hit.normal[0]);
        c.sweep_ny.set(k, hit.normal[1]);
        c.sweep_nz.set(k, hit.normal[2]);
        c.sweep_impulse.set(k, impulse);
    }
}

/// Inverse mass of a body; 0 for what forces do not move.
#[inline(always)]
fn inverse_mass(world: &World, e: usize) -> Real {
    if world.columns.live.get(e) & flag::DYNAMIC != 0 {
        1.0 / world.columns.mass.get(e)
    } else {
        0.0
    }
}

/// A path as the wide test wants it.
struct Segment {
    start: Vector4,
    path: Vector4,
    inverse: Real4,
    radius: Real4,
}

impl Segment {
    fn new(start: [Real; 3], path: [Real; 3], radius: Real) -> Self {
        let length2 = dot(path, path);
        Self {
            start: Vector4::splat(start),
            path: Vector4::splat(path),
            inverse: Real4::splat(if length2 > 0.0 { 1.0 / length2 } else { 0.0 }),
            radius: Real4::splat(radius),
        }
    }

    /// Visits the bodies of a range whose reach the path enters.
    #[inline(always)]
    fn scan(&self, columns: [&crate::column::Column<Real>; 4], start: usize, end: usize, mut visit: impl FnMut(usize)) {
        let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
        let mut k = start;
        while k < end {
            let d = Vector4::new(columns[0].load(k), columns[1].load(k), columns[2].load(k)) - self.start;
            let along = (d.dot(self.path) * self.inverse).max(zero).min(one);
            let off = d - self.path.scale(along);
            let sum = columns[3].load(k) + self.radius;
            let mut bits = off.dot(off).le(sum * sum).bits();
            if end - k < LANES {
                bits &= (1 << (end - k)) - 1;
            }
            while bits != 0 {
                visit(k + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
            k += LANES;
        }
    }
}

/// Lists the hits in bullet order and pushes their targets.
fn list_hits(world: &mut World, bullets: usize) {
    let c = world.columns;
    let (mut hits, mut dropped) = (0, 0);
    for k in 0..bullets {
        let other = c.sweep_other.get(k);
        if other == 0 {
            continue;
        }
        let bullet = c.bullet_id.get(k);
        let normal = [c.sweep_nx.get(k), c.sweep_ny.get(k), c.sweep_nz.get(k)];
        let impulse = c.sweep_impulse.get(k);
        push(world, other as usize, normal, impulse);
        if hits == world.capacity.hits {
            dropped += 1;
            continue;
        }
        c.hit_bullet.set(hits, bullet);
        c.hit_other.set(hits, other);
        let radius = c.radius.get(bullet as usize);
        c.hit_x.set(hits, c.position_x.get(bullet as usize) - normal[0] * radius);
        c.hit_y.set(hits, c.position_y.get(bullet as usize) - normal[1] * radius);
        c.hit_z.set(hits, c.position_z.get(bullet as usize) - normal[2] * radius);
        c.hit_nx.set(hits, normal[0]);
        c.hit_ny.set(hits, normal[1]);
        c.hit_nz.set(hits, normal[2]);
        c.hit_impulse.set(hits, impulse);
        hits += 1;
    }
    world.set_count(counter::HITS, hits);
    world.set_count(counter::DROPPED_HITS, dropped);
}

/// Pushes a target against the normal.
fn push(world: &World, e: usize, normal: [Real; 3], impulse: Real) {
    let c = &world.columns;
    let scale = impulse * inverse_mass(world, e);
    if scale > 0.0 {
        c.velocity_x.set(e, c.velocity_x.get(e) - normal[0] * scale);
        c.velocity_y.set(e, c.velocity_y.get(e) - normal[1] * scale);
        c.velocity_z.set(e, c.velocity_z.get(e) - normal[2] * scale);
    }
}
