//! What the path of a particle meets first. Planes, large bodies and what has left its cell are compared with the box around the whole page first;
//! bodies of the grid come from `particle_pairs`.

use super::collide::{position, velocity};
use super::particle_pages::{field, Page};
use super::particle_pairs::near_path;
use super::particle_system::*;
use super::plane;
use super::query_shape::{is_shaped, ray_body};
use crate::geometry::vector::*;
use crate::layout::MAX_PLANES;
use crate::wide::{Float4, Real, Real4, Vector4, LANES};
use crate::world::{counter, flag, World};

/// Bodies beside the grid that one page can list; if there are more, every particle looks at all.
const LISTED: usize = 96;
/// A body hit: when, where, and how it moves there.
#[derive(Clone, Copy)]
pub struct Hit {
    /// 0: none
    pub other: u32,
    /// Share of the step.
    pub time: Real,
    /// Off the surface, of length one.
    pub normal: Vec3,
}

/// What the particles of a page have in common.
pub struct Meeting<'a> {
    /// Where they are.
    pub world: &'a World,
    /// Their page.
    pub page: Page,
    /// `bit`s of their system.
    pub flags: u32,
    mask: u32,
    /// Of each particle, m.
    pub radius: Real,
    /// Of the step, s.
    pub dt: Real,
    /// Planes and bodies near the page, and where these are: x, y, z and reach.
    near: [u32; LISTED],
    near_at: [[Real; LISTED]; 4],
    /// How many of both.
    pub bodies: usize,
    planes: usize,
    /// Whether every particle looks at all bodies beside the grid.
    pub all: bool,
}

impl<'a> Meeting<'a> {
    /// That of a page of a system.
    pub fn new(world: &'a World, (s, page): (usize, Page)) -> Self {
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
    pub fn span(&self, count: usize) -> (Vec3, Vec3) {
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
    pub fn list(&mut self, low: Vec3, high: Vec3) {
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
    pub fn is_stuck(&self, j: usize) -> bool {
        self.flags & bit::STICKS != 0 && self.world.columns.particle_extra.get(self.page.extra(0, j)) > 0.0
    }

    /// Three numbers of a particle.
    #[inline(always)]
    pub fn three(&self, field: usize, j: usize) -> Vec3 {
        core::array::from_fn(|axis| self.world.columns.particle.get(self.page.at(field + axis, j)) as Real)
    }

    /// Where a particle was, its path and its velocity.
    #[inline(always)]
    pub fn flight(&self, j: usize) -> (Vec3, Vec3, Vec3) {
        let (end, v) = (self.three(field::X, j), self.three(field::VX, j));
        let path = scale(v, self.dt);
        (sub(end, path), path, v)
    }

    /// Meets planes and what else is not in the grid.
    #[inline(never)]
    pub fn meet_near(&self, j: usize, best: &mut Hit) {
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
    pub fn moved(&self, e: usize) -> Vec3 {
        let live = self.world.columns.live.get(e);
        if live & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
            return [0.0; 3];
        }
        scale(velocity(self.world, e), self.dt)
    }

    /// Takes body `other` when it is met before the best, or as early with a lower id.
    #[inline(never)]
    pub fn meet(&self, other: u32, start: Vec3, path: Vec3, best: &mut Hit) {
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
}
