//! A bullet on its way through a step: what it may meet, what it meets first, and where that leaves it.
//!
//! Four bodies at a time are tested against the path (distance to the segment below the sum of radius and reach); the meeting is solved exactly for
//! those that pass: both move in a straight line, the target from where the step found it to where it is now.

use super::collide::position;
use super::find_pairs::{cells_of, for_each_cell_row};
use super::pair_pages::accepts;
use super::plane;
use super::sense::{self, Met};
use super::shown;
use super::sweep_reach::Look;
use super::sweep_shapes::{self, push};
use crate::column::Column;
use crate::geometry::vector::{add_scaled, dot, scale, sub};
use crate::layout::MAX_PLANES;
use crate::wide::{Real, Real4, Vector4, LANES};
use crate::world::{counter, flag, World};

/// A bullet on its way through the step.
pub struct Flight<'a> {
    world: &'a World,
    bullet: usize,
    start: [Real; 3],
    path: [Real; 3],
    radius: Real,
    /// What stops it.
    pub best: Hit,
    /// The sensors that it comes through.
    pub sensors: Met,
    /// The body that carries the bullet on, 0 in free flight.
    carrier: u32,
}

/// The first body met: its id (0 for none), the share of the step, the normal from the body to the bullet, the point when the bullet is there.
#[derive(Clone, Copy)]
pub struct Hit {
    /// Entity, 0 for none.
    pub other: u32,
    /// Share of the step.
    pub time: Real,
    /// From the body to the bullet.
    pub normal: [Real; 3],
    /// Where they meet; spheres leave it to the bullet's surface.
    pub point: Option<[Real; 3]>,
    /// How far the body goes on after the hit: the bullet goes with it.
    pub carried: [Real; 3],
}

impl Hit {
    /// No body met.
    const NONE: Self = Self { other: 0, time: 2.0, normal: [0.0; 3], point: None, carried: [0.0; 3] };
}

impl<'a> Flight<'a> {
    /// A bullet at `start` that would go along `path`, m.
    #[inline(always)]
    pub fn new(world: &'a World, bullet: usize, [start, path]: [[Real; 3]; 2], radius: Real) -> Self {
        Self { world, bullet, start, path, radius, best: Hit::NONE, sensors: Met::default(), carrier: 0 }
    }
}

impl Flight<'_> {
    /// Finds the first plane on the path.
    pub fn meet_planes(&mut self) {
        for slot in 0..MAX_PLANES {
            match self.world.columns.plane_ids.get(slot) {
                0 => break,
                plane => self.meet_plane(plane),
            }
        }
    }

    /// Finds the first body on the path that is no plane; `low` and `high` are the corners of the path's box.
    #[inline(never)]
    pub fn scan(&mut self, look: Option<&Look>, lane: usize, [low, high]: [[Real; 3]; 2]) {
        let world = self.world;
        let (c, grid) = (&world.columns, &world.grid);
        let segment = Segment::new(self.start, self.path, self.radius);
        let near = look.and_then(|look| look.cells(world, lane));
        if grid.bodies > 0 {
            let cells = near.unwrap_or_else(|| cells_of(world, low.map(|v| v - grid.half), high.map(|v| v + grid.half)));
            for_each_cell_row(world, cells, |start, end| self.scan_sorted(&segment, start, end));
        }
        self.scan_list(&segment, [&c.large_x, &c.large_y, &c.large_z, &c.large_reach], grid.large, &c.large_id, true);
        // What is marked is not met here.
        if near.is_none() {
            self.scan_list(&segment, [&c.stray_x, &c.stray_y, &c.stray_z, &c.stray_reach], world.kept.strays, &c.stray_id, false);
            let knocked = [&c.knocked_x, &c.knocked_y, &c.knocked_z, &c.knocked_reach];
            self.scan_list(&segment, knocked, world.count(counter::KNOCKED), &c.knocked_id, false);
        }
    }

    /// Meets bodies of the sorted copy.
    #[inline(never)]
    fn scan_sorted(&mut self, segment: &Segment, start: usize, end: usize) {
        let (world, c) = (self.world, &self.world.columns);
        segment.scan([&c.sorted_x, &c.sorted_y, &c.sorted_z, &c.sorted_reach], start, end, |k| {
            self.meet(c.sorted_id.get(k), start_of(world, c.sorted_id.get(k) as usize));
        });
    }

    /// Meets the first `count` bodies of a list: where they are in it, or, of what is `listed` for longer, where they were when the step began.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn scan_list(&mut self, segment: &Segment, columns: [&Column<Real>; 4], count: usize, ids: &Column<u32>, listed: bool) {
        let world = self.world;
        segment.scan(columns, 0, count, |k| {
            let id = ids.get(k);
            let [x, y, z, _] = columns.map(|column| column.get(k));
            self.meet(id, if listed { start_of(world, id as usize) } else { [x, y, z] });
        });
    }

    /// Takes a hit that is earlier than the best, or as early and of a lower id.
    fn take(&mut self, hit: Hit) {
        if hit.time < self.best.time || (hit.time == self.best.time && hit.other < self.best.other) {
            self.best = hit;
        }
    }

    /// The moment at which the bullet meets a sphere that was at `from` when the step began.
    #[inline(never)]
    fn meet(&mut self, other: u32, from: [Real; 3]) {
        let (world, e) = (self.world, other as usize);
        if other == self.carrier || !accepts(world, self.bullet, e) {
            return;
        }
        if world.columns.live.get(e) & flag::SENSOR != 0 {
            return self.sense(other, from);
        }
        // What carries a bullet does so at the end of the step: the others are where they are.
        let from = if self.carrier == 0 { from } else { position(world, e) };
        let moved = sub(position(world, e), from);
        if (world.columns.live.get(self.bullet) | world.columns.live.get(e)) & flag::SHAPED != 0 {
            let path = sub(self.path, moved);
            if let Some(hit) = sweep_shapes::meet(world, [self.bullet, e], [self.start, from], path) {
                // Told for the moment of the hit, in the world: the target has come its share of the way.
                let point = hit.point.map(|p| add_scaled(p, moved, hit.time));
                self.take(Hit { point, carried: scale(moved, 1.0 - hit.time), ..hit });
            }
            return;
        }
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
        self.take(Hit { other, time, normal, point: None, carried: scale(moved, 1.0 - time) });
    }

    /// The moment at which the bullet enters a sensor that was at `from` when the step began; 0 when it begins inside.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn sense(&mut self, sensor: u32, from: [Real; 3]) {
        let (world, e) = (self.world, sensor as usize);
        if !sense::sees(world, e, self.bullet) {
            return;
        }
        let path = sub(self.path, sub(position(world, e), from));
        let met = if (world.columns.live.get(self.bullet) | world.columns.live.get(e)) & flag::SHAPED != 0 {
            sweep_shapes::meet(world, [self.bullet, e], [self.start, from], path).map(|hit| hit.time)
        } else {
            let sum = self.radius + world.columns.radius.get(e);
            enters(sub(self.start, from), path, sum)
        };
        if let Some(time) = met {
            self.sensors.add(sensor, time);
        }
    }

    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn meet_plane(&mut self, plane: u32) {
        let (world, e) = (self.world, plane as usize);
        let sensor = world.columns.live.get(e) & flag::SENSOR != 0;
        if !(if sensor { sense::sees(world, e, self.bullet) } else { accepts(world, self.bullet, e) }) {
            return;
        }
        let normal = plane::normal(world, e);
        let shaped = world.columns.live.get(self.bullet) & flag::SHAPED != 0;
        let depth = if shaped { sweep_shapes::depth(world, self.bullet, normal) } else { self.radius };
        let height = plane::height(world, e, self.bullet) - depth;
        let closing = -dot(normal, self.path);
        if sensor {
            if height <= closing.max(0.0) {
                self.sensors.add(plane, if height > 0.0 { height / closing } else { 0.0 });
            }
            return;
        }
        if closing > 0.0 && height <= closing {
            self.take(Hit { other: plane, time: (height / closing).max(0.0), normal, point: None, carried: [0.0; 3] });
        }
    }

    /// Moves the bullet to the end of its path or to its hit, where it takes its share of the impulse.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn land(&self, k: usize) {
        let c = &self.world.columns;
        let (e, hit) = (self.bullet, &self.best);
        let share = if hit.other == 0 { 1.0 } else { hit.time };
        let met = add_scaled(self.start, self.path, share);
        let landed = self.carry(met);
        shown::note(self.world, e, sub(landed, self.start));
        c.position_x.set(e, landed[0]);
        c.position_y.set(e, landed[1]);
        c.position_z.set(e, landed[2]);
        c.sweep_other.set(k, hit.other);
        if hit.other == 0 {
            return;
        }
        let other = hit.other as usize;
        let point = hit.point.unwrap_or_else(|| add_scaled(met, hit.normal, -self.radius));
        let impulse = sweep_shapes::impulse(self.world, [e, other], hit.normal, point);
        push(self.world, e, scale(hit.normal, impulse), point);
        c.sweep_x.set(k, point[0]);
        c.sweep_y.set(k, point[1]);
        c.sweep_z.set(k, point[2]);
        c.sweep_nx.set(k, hit.normal[0]);
        c.sweep_ny.set(k, hit.normal[1]);
        c.sweep_nz.set(k, hit.normal[2]);
        c.sweep_impulse.set(k, impulse);
    }

    /// Where the bullet is at the end of the step: it stays at its point of the body that it met, which goes on. Left where they met it would be
    /// inside the body by as much as that moves (0.3 m in a battle). What is in between stops it: it is not carried through a wall either.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn carry(&self, met: [Real; 3]) -> [Real; 3] {
        let path = self.best.carried;
        if path == [0.0; 3] {
            return met;
        }
        let mut rest = Flight { start: met, path, best: Hit::NONE, sensors: Met::default(), carrier: self.best.other, ..*self };
        let low = core::array::from_fn(|axis| met[axis] + path[axis].min(0.0) - self.radius);
        let high = core::array::from_fn(|axis| met[axis] + path[axis].max(0.0) + self.radius);
        rest.scan(None, 0, [low, high]);
        rest.meet_planes();
        add_scaled(met, path, rest.best.time.min(1.0))
    }
}

/// Where a body was when the step began.
#[inline(always)]
fn start_of(world: &World, e: usize) -> [Real; 3] {
    let c = &world.columns;
    if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
        return position(world, e);
    }
    [c.start_x.get(e), c.start_y.get(e), c.start_z.get(e)]
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

/// The share of `path` after which a point that begins at `start` is within `radius` of the origin, none when it never is.
fn enters(start: [Real; 3], path: [Real; 3], radius: Real) -> Option<Real> {
    let (aa, bb, cc) = (dot(path, path), dot(start, path), dot(start, start) - radius * radius);
    if cc <= 0.0 {
        return Some(0.0);
    }
    let root = bb * bb - aa * cc;
    if !(bb < 0.0 && root >= 0.0) {
        return None;
    }
    let time = cc / (root.sqrt() - bb);
    (time <= 1.0).then_some(time)
}
