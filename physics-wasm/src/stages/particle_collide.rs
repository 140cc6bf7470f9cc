//! Particles against bodies and planes: each particle's path of the step, a straight line, is met with what the broad phase holds, so that nothing is
//! tunnelled through. Planes, large bodies and what has left its cell are first compared with the box around the whole page.
//!
//! The grid may be that of an earlier step (`keep`): its reaches cover where the bodies are now. A body moves in a straight line through the
//! step, ending where it is. Bullets and sensors are not met. What begins inside a sphere and goes deeper is put on its surface; what begins inside
//! another shape leaves it freely.
//!
//! A hit is kept in the extra numbers of the particle, if somebody wants to know: the body, the share of the step that was left, and the normal times
//! (1 + speed of approach). A particle that sticks keeps the body's generation instead of the share, and its place on the body as its velocity.

use super::collide::{position, velocity};
use super::particle_fly::PAGE_WORDS;
use super::particle_pages::{field, Page};
use super::particle_pairs::near_path;
use super::particle_system::*;
use super::query_shape::{is_shaped, ray_body};
use super::{particle_pairs, plane};
use crate::geometry::vector::*;
use crate::layout::{MAX_PLANES, PARTICLE_PAGE};
use crate::shapes::body_pose;
use crate::wide::{Float4, Real, Real4, Vector4, LANES};
use crate::world::{counter, flag, World};

/// Bodies beside the grid that one page can list; if there are more, every particle looks at all.
const LISTED: usize = 96;
/// How far off the surface of a shape a hit leaves a particle, m, and for each metre from the origin.
const SKIN: Real = 1e-4;
const SKIN_FAR: Real = 1e-6;
/// Generations of bodies that an extra number tells apart.
const GENERATIONS: u32 = 1 << 24;

/// A body hit: when, where, and how it moves there.
#[derive(Clone, Copy)]
struct Hit {
    /// 0: none
    other: u32,
    /// Share of the step.
    time: Real,
    normal: Vec3,
}

/// What the particles of a page have in common.
struct Meeting<'a> {
    world: &'a World,
    page: Page,
    flags: u32,
    mask: u32,
    radius: Real,
    dt: Real,
    /// Planes and bodies near the page, and where these are: x, y, z and reach.
    near: [u32; LISTED],
    near_at: [[Real; LISTED]; 4],
    bodies: usize,
    planes: usize,
    /// Whether every particle looks at all bodies beside the grid.
    all: bool,
}

/// Lets the first `count` particles of a page meet bodies; gives how many died of it.
#[inline(never)]
pub fn run(world: &World, (entry, page, s): (usize, Page, usize), count: usize) -> u32 {
    let mut meeting = Meeting::new(world, (s, page));
    let (low, high) = meeting.span(count);
    meeting.list(low, high);
    let mut first = [Hit { other: 0, time: 2.0, normal: [0.0; 3] }; PARTICLE_PAGE];
    let words = entry * PAGE_WORDS;
    let flies = |j: usize| world.columns.page_dead.get(words + j / 32) >> (j % 32) & 1 == 0 && !meeting.is_stuck(j);
    if meeting.bodies + meeting.all as usize > 0 {
        (0..count).filter(|j| flies(*j)).for_each(|j| meeting.meet_near(j, &mut first[j]));
    }
    if world.grid.bodies > 0 && meeting.flags & bit::HITS_BODIES != 0 {
        particle_pairs::each(world, (page, count), meeting.radius, |j, e| {
            let (start, path, _) = meeting.flight(j);
            meeting.meet(e, start, path, &mut first[j]);
        });
    }
    let (mut deaths, mut hits) = (0, 0);
    for w in 0..PAGE_WORDS {
        let (mut died, mut told) = (0, 0);
        for j in (32 * w..32 * w + 32).take(count.saturating_sub(32 * w)) {
            if first[j].other != 0 && flies(j) {
                let outcome = meeting.answer(s, j, first[j]);
                died |= (outcome & bit::DIES != 0) as u32 * (1 << (j % 32));
                told |= (outcome & bit::TELLS != 0) as u32 * (1 << (j % 32));
            } else if meeting.is_stuck(j) {
                meeting.carry(j);
            }
        }
        world.columns.page_dead.set(words + w, world.columns.page_dead.get(words + w) | died);
        world.columns.page_hit.set(words + w, told);
        deaths += died.count_ones();
        hits += told.count_ones();
    }
    world.columns.page_hits.set(entry, hits);
    deaths
}

impl<'a> Meeting<'a> {
    fn new(world: &'a World, (s, page): (usize, Page)) -> Self {
        Self {
            world,
            page,
            flags: flags_of(world, s),
            mask: word_of(world, s, word::MASK) as u32,
            radius: real_of(world, s, real::RADIUS) as Real,
            dt: world.parameters.dt,
            near: [0; LISTED],
            near_at: [[0.0; LISTED]; 4],
            bodies: 0,
            planes: 0,
            all: false,
        }
    }

    /// The box around the paths of the page, widened by the particles' radius. Not finite places stay outside: they meet nothing.
    fn span(&self, count: usize) -> (Vec3, Vec3) {
        let page = self.page;
        let particle = &self.world.columns.particle;
        let back = Float4::splat(self.dt as f32);
        let mut low = [Float4::splat(f32::MAX); 3];
        let mut high = [Float4::splat(f32::MIN); 3];
        for i in (0..count).step_by(LANES) {
            for axis in 0..3 {
                // The last lanes may be of nobody: they repeat the first of their four.
                let own = |field: usize| {
                    let at = page.at(field + axis, i);
                    let v = particle.load(at);
                    if count - i < LANES {
                        let mut lanes = v.to_array();
                        let first = lanes[0];
                        lanes[count - i..].fill(first);
                        Float4::from_array(lanes)
                    } else {
                        v
                    }
                };
                let end = own(field::X);
                let start = end - own(field::VX) * back;
                low[axis] = low[axis].min(start.min(end));
                high[axis] = high[axis].max(start.max(end));
            }
        }
        let least = |v: Float4| v.to_array().into_iter().fold(f32::MAX, |a, b| if b < a { b } else { a }) as Real;
        let most = |v: Float4| v.to_array().into_iter().fold(f32::MIN, |a, b| if b > a { b } else { a }) as Real;
        (low.map(|v| least(v) - self.radius), high.map(|v| most(v) + self.radius))
    }

    /// Lists what beside the grid reaches into the box.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn list(&mut self, low: Vec3, high: Vec3) {
        let world = self.world;
        let c = &world.columns;
        if self.flags & bit::HITS_PLANES != 0 {
            let (middle, half) = (scale(add(low, high), 0.5), scale(sub(high, low), 0.5));
            for slot in 0..MAX_PLANES {
                let e = c.plane_ids.get(slot) as usize;
                if e == 0 {
                    break;
                }
                let reach = dot(abs(plane::normal(world, e)), half);
                let met = plane::height_at(world, e, middle) <= reach;
                if met && c.live.get(e) & flag::SENSOR == 0 && c.group.get(e) & self.mask != 0 {
                    self.near[self.planes] = e as u32;
                    self.planes += 1;
                }
            }
        }
        self.bodies = self.planes;
        if self.flags & bit::HITS_BODIES == 0 {
            return;
        }
        let knocked = world.count(counter::KNOCKED);
        let lists = [
            ([&c.large_x, &c.large_y, &c.large_z, &c.large_reach], &c.large_id, world.grid.large),
            ([&c.stray_x, &c.stray_y, &c.stray_z, &c.stray_reach], &c.stray_id, world.kept.strays),
            ([&c.knocked_x, &c.knocked_y, &c.knocked_z, &c.knocked_reach], &c.knocked_id, knocked),
        ];
        for (columns, ids, count) in lists {
            for k in 0..count {
                let reach = columns[3].get(k);
                let inside = |axis: usize| columns[axis].get(k) + reach >= low[axis] && columns[axis].get(k) - reach <= high[axis];
                if inside(0) && inside(1) && inside(2) {
                    if self.bodies == LISTED {
                        self.all = true;
                        return;
                    }
                    self.near[self.bodies] = ids.get(k);
                    for (to, column) in self.near_at.iter_mut().zip(columns) {
                        to[self.bodies] = column.get(k);
                    }
                    self.bodies += 1;
                }
            }
        }
    }

    /// Whether a particle sticks to a body; then its velocity is its place there.
    #[inline(always)]
    fn is_stuck(&self, j: usize) -> bool {
        self.flags & bit::STICKS != 0 && self.world.columns.particle_extra.get(self.page.extra(0, j)) > 0.0
    }

    /// Three numbers of a particle.
    #[inline(always)]
    fn three(&self, field: usize, j: usize) -> Vec3 {
        core::array::from_fn(|axis| self.world.columns.particle.get(self.page.at(field + axis, j)) as Real)
    }

    /// Where a particle was, its path and its velocity.
    #[inline(always)]
    fn flight(&self, j: usize) -> (Vec3, Vec3, Vec3) {
        let (end, v) = (self.three(field::X, j), self.three(field::VX, j));
        let path = scale(v, self.dt);
        (sub(end, path), path, v)
    }

    /// Meets planes and what else is not in the grid.
    #[inline(never)]
    fn meet_near(&self, j: usize, best: &mut Hit) {
        let world = self.world;
        let c = &world.columns;
        let (start, path, _) = self.flight(j);
        for plane in &self.near[..self.planes] {
            self.meet_plane(*plane, start, path, best);
        }
        // Four at a time: whose reach the path enters. Planes among them are left out.
        let (from, way) = (Vector4::splat(start), Vector4::splat(path));
        for first in (self.planes / LANES * LANES..self.bodies).step_by(LANES) {
            let [x, y, z, reach] = [0, 1, 2, 3].map(|k| Real4::from_array(core::array::from_fn(|lane| self.near_at[k][first + lane])));
            let mut bits = near_path(Vector4::new(x, y, z) - from, way, reach + Real4::splat(self.radius));
            while bits != 0 {
                let k = first + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                if (self.planes..self.bodies).contains(&k) {
                    self.meet(self.near[k], start, path, best);
                }
            }
        }
        if self.all {
            let knocked = world.count(counter::KNOCKED);
            for (ids, count) in [(&c.large_id, world.grid.large), (&c.stray_id, world.kept.strays), (&c.knocked_id, knocked)] {
                (0..count).for_each(|k| self.meet(ids.get(k), start, path, best));
            }
        }
    }

    /// How far a body moves in the step.
    #[inline(always)]
    fn moved(&self, e: usize) -> Vec3 {
        let live = self.world.columns.live.get(e);
        if live & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
            return [0.0; 3];
        }
        scale(velocity(self.world, e), self.dt)
    }

    /// Takes body `other` when it is met before the best, or as early with a lower id.
    #[inline(never)]
    fn meet(&self, other: u32, start: Vec3, path: Vec3, best: &mut Hit) {
        let (world, e) = (self.world, other as usize);
        let live = world.columns.live.get(e);
        if live & flag::BODY == 0 || live & flag::SENSOR != 0 || world.columns.group.get(e) & self.mask == 0 {
            return;
        }
        let moved = self.moved(e);
        // As the body sees it, at its place at the end of the step.
        let (from, way) = (add(start, moved), sub(path, moved));
        let hit = if is_shaped(world, other) { self.meet_shape(other, from, way) } else { self.meet_sphere(e, from, way) };
        if let Some((time, normal)) = hit {
            if time < best.time || (time == best.time && other < best.other) {
                *best = Hit { other, time, normal };
            }
        }
    }

    #[inline(always)]
    fn meet_sphere(&self, e: usize, from: Vec3, way: Vec3) -> Option<(Real, Vec3)> {
        let sum = self.radius + self.world.columns.radius.get(e);
        let d = sub(from, position(self.world, e));
        let (aa, bb, cc) = (dot(way, way), dot(d, way), dot(d, d) - sum * sum);
        let root = bb * bb - aa * cc;
        if bb >= 0.0 || root < 0.0 {
            return None;
        }
        let time = if cc <= 0.0 { 0.0 } else { cc / (root.sqrt() - bb) };
        (time <= 1.0).then(|| (time, normalize_or(add_scaled(d, way, time), [0.0, 1.0, 0.0])))
    }

    /// The particle's radius counts as on a flat surface.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn meet_shape(&self, other: u32, from: Vec3, way: Vec3) -> Option<(Real, Vec3)> {
        let far = length(way);
        if far == 0.0 {
            return None;
        }
        let direction = scale(way, 1.0 / far);
        let (distance, normal) = ray_body(self.world, other, from, direction, far + 4.0 * self.radius)?;
        let closing = -dot(normal, direction);
        let reached = (distance - self.radius / closing.max(0.25)).max(0.0);
        (distance > 0.0 && closing > 0.0 && reached <= far).then_some((reached / far, normal))
    }

    #[inline(always)]
    fn meet_plane(&self, plane: u32, start: Vec3, path: Vec3, best: &mut Hit) {
        let e = plane as usize;
        let normal = plane::normal(self.world, e);
        let height = plane::height_at(self.world, e, start) - self.radius;
        let closing = -dot(normal, path);
        let time = (height / closing).max(0.0);
        if closing > 0.0 && height <= closing && time < best.time {
            *best = Hit { other: plane, time, normal };
        }
    }

    /// What a hit does to a particle.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn answer(&self, s: usize, j: usize, hit: Hit) -> u32 {
        let (world, page, e) = (self.world, self.page, hit.other as usize);
        let (start, path, v) = self.flight(j);
        let c = &world.columns;
        let left = (1.0 - hit.time) * self.dt;
        let at = add_scaled(start, path, hit.time);
        let carrier = self.velocity_at(e, at);
        let relative = sub(v, carrier);
        let speed = -dot(relative, hit.normal);
        let skin = if is_shaped(world, hit.other) { SKIN + SKIN_FAR * at.into_iter().fold(0.0, |m: Real, x| m.max(x.abs())) } else { 0.0 };
        // Out of what it was inside, and off what it could not leave again.
        let mut place = add_scaled(self.out_of(e, at, hit), hit.normal, skin);
        let mut share = left;
        if self.flags & (bit::STICKS | bit::DIES) != 0 {
            share = 0.0;
            place = add_scaled(place, carrier, left);
        }
        if self.flags & bit::STICKS != 0 {
            let pose = body_pose(world, e);
            self.write(j, field::VX, pose.unpoint(place));
            c.particle_extra.set(page.extra(0, j), hit.other as f32);
            c.particle_extra.set(page.extra(1, j), (c.generation.get(e) % GENERATIONS) as f32);
        } else if self.flags & bit::DIES == 0 {
            let new = self.bounce(s, relative, (hit.normal, speed));
            let new = add(new, carrier);
            place = add_scaled(place, new, left);
            self.write(j, field::VX, new);
        }
        self.write(j, field::X, place);
        // What rests falls by one step of gravity and is no news.
        let weight = dot(world.parameters.gravity, world.parameters.gravity).sqrt() * (real_of(world, s, real::GRAVITY) as Real).abs();
        let told = self.flags & bit::TELLS != 0 && (speed > 2.0 * weight * self.dt || self.flags & (bit::STICKS | bit::DIES) != 0);
        if told {
            if self.flags & bit::STICKS == 0 {
                c.particle_extra.set(page.extra(0, j), hit.other as f32);
                c.particle_extra.set(page.extra(1, j), share as f32);
            }
            for axis in 0..3 {
                c.particle_extra.set(page.extra(2 + axis, j), (hit.normal[axis] * (1.0 + speed.max(0.0))) as f32);
            }
        }
        (self.flags & bit::DIES) | if told { bit::TELLS } else { 0 }
    }

    /// The place of a hit, on the surface where the particle began inside a sphere or below a plane.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn out_of(&self, e: usize, at: Vec3, hit: Hit) -> Vec3 {
        if hit.time > 0.0 || is_shaped(self.world, hit.other) {
            return at;
        }
        let depth = if self.world.columns.live.get(e) & flag::PLANE != 0 {
            plane::height_at(self.world, e, at) - self.radius
        } else {
            let centre = sub(position(self.world, e), self.moved(e));
            length(sub(at, centre)) - self.radius - self.world.columns.radius.get(e)
        };
        add_scaled(at, hit.normal, -depth.min(0.0))
    }

    /// Velocity of a body at a point.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn velocity_at(&self, e: usize, at: Vec3) -> Vec3 {
        let c = &self.world.columns;
        if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
            return [0.0; 3];
        }
        let spin = [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)];
        add(velocity(self.world, e), cross(spin, sub(at, position(self.world, e))))
    }

    /// Velocity off a surface: restitution along the normal, Coulomb's friction across it.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn bounce(&self, s: usize, v: Vec3, (normal, speed): (Vec3, Real)) -> Vec3 {
        if speed <= 0.0 {
            return v;
        }
        let [restitution, friction] = reals_of::<2>(self.world, s, real::RESTITUTION).map(|v| v as Real);
        let along = add_scaled(v, normal, speed);
        let fast = length(along);
        let lost = friction * (1.0 + restitution) * speed;
        let kept = if fast > lost { 1.0 - lost / fast } else { 0.0 };
        add_scaled(scale(along, kept), normal, restitution * speed)
    }

    /// Puts a particle that sticks where its body took it; lets it go when the body is gone.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn carry(&self, j: usize) {
        let (c, page) = (&self.world.columns, self.page);
        let e = c.particle_extra.get(page.extra(0, j)) as usize;
        let known = e < self.world.capacity.entities
            && c.flags.get(e) & flag::BODY != 0
            && (c.generation.get(e) % GENERATIONS) as f32 == c.particle_extra.get(page.extra(1, j));
        let on = self.three(field::VX, j);
        if !known {
            c.particle_extra.set(page.extra(0, j), 0.0);
            // It was moved as if its place on the body were a velocity.
            self.write(j, field::X, add_scaled(self.three(field::X, j), on, -self.dt));
            self.write(j, field::VX, [0.0; 3]);
            return;
        }
        self.write(j, field::X, body_pose(self.world, e).point(on));
    }

    #[inline(always)]
    fn write(&self, j: usize, field: usize, v: Vec3) {
        for (axis, v) in v.into_iter().enumerate() {
            self.world.columns.particle.set(self.page.at(field + axis, j), v as f32);
        }
    }
}
