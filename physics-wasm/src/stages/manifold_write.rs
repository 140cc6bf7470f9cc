//! Manifolds into records: where they go, what they take over from the last step, and what the solver wants of them.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::collide::{acceleration, velocity};
use super::collide_shapes::{rank, Pair, FAST};
use super::contact::{coefficient, MAX_FRICTION};
use super::manifold::{real, record, set_real, set_vector, set_word, vector, word, word_of, NO_POINT};
use super::solve::bounciness;
use crate::geometry::manifold::{Manifold, MAX_POINTS};
use crate::geometry::vector::*;
use crate::layout::{MANIFOLD_REALS, MANIFOLD_WORDS};
use crate::wide::{Real, LANES};
use crate::world::{flag, World};

/// Manifolds that a page of pairs takes from the pool at a time.
const GRAIN: u32 = 8;
/// A pair keeps its manifold while it moved less than this share of the smaller body.
const RECYCLE: Real = 0.004;
/// Old points nearer than this share of the smaller body are the same point.
const SAME_POINT: Real = 0.05;

/// Where a page's manifolds go: records of this step, taken from a common pool.
pub struct Slots<'a> {
    pool: &'a AtomicU32,
    grain: u32,
    next: u32,
    end: u32,
    base: usize,
    capacity: u32,
    /// Manifolds that found no room.
    pub dropped: usize,
}

impl<'a> Slots<'a> {
    fn new(world: &World, pool: &'a AtomicU32, grain: u32) -> Self {
        let capacity = world.capacity.manifolds;
        Self { pool, grain, next: 0, end: 0, base: world.parameters.half * capacity, capacity: capacity as u32, dropped: 0 }
    }
    /// For one page among many.
    pub fn shared(world: &World, pool: &'a AtomicU32) -> Self {
        Self::new(world, pool, GRAIN)
    }
    /// For the caller alone.
    pub fn alone(world: &World, pool: &'a AtomicU32) -> Self {
        Self::new(world, pool, 1)
    }
    /// A fresh record.
    fn take(&mut self) -> Option<usize> {
        if self.next == self.end {
            self.next = self.pool.fetch_add(self.grain, Relaxed);
            self.end = self.next.saturating_add(self.grain);
        }
        if self.next >= self.capacity {
            self.end = self.next;
            self.dropped += 1;
            return None;
        }
        self.next += 1;
        Some(self.base + self.next as usize - 1)
    }
}

impl Pair<'_> {
    /// The manifold of the last step with the same parts.
    pub(super) fn find_old(&self, sub_key: u32) -> Option<usize> {
        let mut next = self.before;
        while next != 0 {
            let m = next as usize - 1;
            if word_of(self.world, m, word::SUB) == sub_key {
                return Some(m);
            }
            next = word_of(self.world, m, word::NEXT);
        }
        None
    }

    /// Takes a manifold of the last step over when the bodies hardly moved against each other since it was found.
    pub(super) fn recycle(&mut self, old: usize, slots: &mut Slots) -> bool {
        let world = self.world;
        let tolerance = RECYCLE * self.size;
        let [qx, qy, qz] = vector(world, old, record::ROTATION);
        let then = [qx, qy, qz, real(world, old, record::ROTATION + 3)];
        let moved = sub(self.relative.position, vector(world, old, record::POSITION));
        let [x, y, z, _] = multiply(self.relative.rotation, conjugate(then));
        let radius = world.columns.radius.get(self.ends[1]).min(world.columns.radius.get(self.ends[0]));
        let turned = 2.0 * length([x, y, z]) * radius;
        // Written so that a NaN is no.
        let still = length(moved) + turned < tolerance && length(self.path) < FAST * self.size;
        if !still {
            return false;
        }
        let Some(m) = slots.take() else { return true };
        copy(world, old, m);
        let n = rotate(self.poses[0].rotation, vector(world, m, record::LOCAL_NORMAL));
        set_vector(world, m, record::NORMAL, n);
        self.link(m, false);
        true
    }

    /// Writes a manifold, in a's frame, found when b had moved by `moved`; brings the impulses of the last step along.
    pub fn add(&mut self, sub_key: u32, manifold: &Manifold, (moved, cache): (Vec3, u32), slots: &mut Slots) {
        if manifold.count == 0 {
            return;
        }
        let Some(m) = slots.take() else { return };
        let world = self.world;
        let q = self.poses[0].rotation;
        set_vector(world, m, record::NORMAL, rotate(q, manifold.normal));
        set_vector(world, m, record::LOCAL_NORMAL, manifold.normal);
        // Places and gaps are those of the moment of meeting; `place` opens the gaps for now.
        let then = Pose { position: add(self.relative.position, moved), rotation: self.relative.rotation };
        for (k, point) in manifold.points[..manifold.count].iter().enumerate() {
            set_vector(world, m, record::IN_A + 4 * k, point.position);
            set_real(world, m, record::IN_A + 4 * k + 3, point.separation);
            set_vector(world, m, record::IN_B + 4 * k, then.unpoint(point.position));
            set_word(world, m, word::ID + k, point.id);
        }
        for k in 0..MAX_POINTS {
            set_real(world, m, record::IMPULSE + k, 0.0);
        }
        set_vector(world, m, record::POSITION, self.relative.position);
        for (k, v) in self.relative.rotation.into_iter().enumerate() {
            set_real(world, m, record::ROTATION + k, v);
        }
        set_word(world, m, word::SUB, sub_key);
        set_word(world, m, word::COUNT, manifold.count as u32);
        set_word(world, m, word::CACHE, cache);
        set_vector(world, m, record::FRICTION, [0.0; 3]);
        set_real(world, m, record::TWIST, 0.0);
        set_vector(world, m, record::ROLLING, [0.0; 3]);
        if let Some(old) = self.alike(sub_key, manifold) {
            self.inherit(m, old);
        }
        self.link(m, true);
    }

    /// The old manifold of the same parts; of triangles, which come and go, the one with the nearest normal.
    fn alike(&self, sub_key: u32, manifold: &Manifold) -> Option<usize> {
        if rank(self.world, self.ends[0]) != 1 {
            return self.find_old(sub_key);
        }
        let (mut best, mut next) = ((0.9, None), self.before);
        while next != 0 {
            let m = next as usize - 1;
            let likeness = dot(manifold.normal, vector(self.world, m, record::LOCAL_NORMAL));
            if likeness > best.0 {
                best = (likeness, Some(m));
            }
            next = word_of(self.world, m, word::NEXT);
        }
        best.1
    }

    /// Impulses of the old manifold: of the point with the same id, else of the nearest one.
    fn inherit(&self, m: usize, old: usize) {
        let world = self.world;
        let near2 = (SAME_POINT * self.size) * (SAME_POINT * self.size);
        let olds = (word_of(world, old, word::COUNT) as usize).min(MAX_POINTS);
        let mut taken = 0u32;
        for k in 0..word_of(world, m, word::COUNT) as usize {
            let place = vector(world, m, record::IN_A + 4 * k);
            let mut best = (near2, MAX_POINTS);
            for j in (0..olds).filter(|j| taken >> j & 1 == 0) {
                let d = sub(place, vector(world, old, record::IN_A + 4 * j));
                let same = word_of(world, old, word::ID + j) == word_of(world, m, word::ID + k);
                let far2 = if same { -1.0 } else { dot(d, d) };
                if far2 < best.0 {
                    best = (far2, j);
                }
            }
            if best.1 < MAX_POINTS {
                taken |= 1 << best.1;
                set_real(world, m, record::IMPULSE + k, real(world, old, record::IMPULSE + best.1));
            }
        }
        set_vector(world, m, record::FRICTION, vector(world, old, record::FRICTION));
        set_real(world, m, record::TWIST, real(world, old, record::TWIST));
        set_vector(world, m, record::ROLLING, vector(world, old, record::ROLLING));
    }

    /// Hangs a manifold at the end of the pair's chain and writes what the solver wants of it, as the bodies are now.
    fn link(&mut self, m: usize, fresh: bool) {
        let world = self.world;
        set_word(world, m, word::NEXT, 0);
        if self.count == 0 {
            self.first = m as u32 + 1;
        } else {
            set_word(world, self.last, word::NEXT, m as u32 + 1);
        }
        self.last = m;
        self.count += 1;
        let c = &world.columns;
        let [a, b] = self.ends;
        let of = |e: usize| coefficient(c.friction.get(e), MAX_FRICTION);
        let restitution = bounciness(world, a, b);
        set_real(world, m, record::NORMAL + 3, (of(a) * of(b)).sqrt());
        set_real(world, m, record::D + 3, restitution);
        let rolling = coefficient(c.rolling.get(a), MAX_FRICTION).max(coefficient(c.rolling.get(b), MAX_FRICTION));
        set_real(world, m, record::FRICTION + 3, rolling);
        self.place(m);
        // Only what bounces, and what just began and is reported, asks how fast it came.
        if fresh || restitution > 0.0 {
            self.approach(m);
        }
    }

    /// Arms, gaps and centre of a manifold's points.
    fn place(&self, m: usize) {
        let world = self.world;
        let count = (word_of(world, m, word::COUNT) as usize).min(MAX_POINTS);
        let n = vector(world, m, record::NORMAL);
        let (own, other) = (axes(self.poses[0].rotation), axes(self.poses[1].rotation));
        let apart = sub(self.poses[1].position, self.poses[0].position);
        let (mut centre, mut arms) = ([0.0; 3], [[0.0; 3]; MAX_POINTS]);
        for (k, arm) in arms.iter_mut().enumerate() {
            let at = record::ARM + 4 * k;
            if k >= count {
                set_vector(world, m, at, [0.0; 3]);
                set_real(world, m, at + 3, NO_POINT);
                set_real(world, m, record::IMPULSE + k, 0.0);
                continue;
            }
            *arm = turned_by(&own, vector(world, m, record::IN_A + 4 * k));
            let far = turned_by(&other, vector(world, m, record::IN_B + 4 * k));
            let gap = dot(n, sub(add(apart, far), *arm));
            set_vector(world, m, at, *arm);
            // Both places were one when the manifold was found, half-way between the surfaces.
            set_real(world, m, at + 3, real(world, m, record::IN_A + 4 * k + 3) + gap);
            if k == 0 {
                set_vector(world, m, record::D, sub(far, *arm));
            }
            centre = add(centre, *arm);
        }
        let share = 1.0 / count.max(1) as Real;
        let centre = scale(centre, share);
        let lever = arms[..count].iter().fold(0.0, |sum: Real, arm| sum + length(sub(*arm, centre)));
        set_vector(world, m, record::CENTRE, centre);
        set_real(world, m, record::CENTRE + 3, lever * share);
    }

    /// Speed along the normal at each point, as it will be when the gap is closed.
    fn approach(&self, m: usize) {
        let (world, [a, b]) = (self.world, self.ends);
        let c = &world.columns;
        let n = vector(world, m, record::NORMAL);
        let spin = |e: usize| -> Vec3 {
            if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
                return [0.0; 3];
            }
            [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)]
        };
        let (spin_a, spin_b) = (spin(a), spin(b));
        let linear = sub(velocity(world, b), velocity(world, a));
        let pull = dot(n, sub(acceleration(world, b), acceleration(world, a))) * world.parameters.dt;
        let d = vector(world, m, record::D);
        for k in 0..word_of(world, m, word::COUNT) as usize {
            let arm = vector(world, m, record::ARM + 4 * k);
            let speed = dot(n, sub(add(linear, cross(spin_b, add(arm, d))), cross(spin_a, arm)));
            let gap = real(world, m, record::ARM + 4 * k + 3).max(0.0);
            let closing = -speed * world.parameters.dt;
            let rest = if closing > gap { 1.0 - gap / closing } else { 0.0 };
            set_real(world, m, record::APPROACH + k, speed - pull * rest);
        }
    }
}

/// A vector by the columns of a rotation.
#[inline(always)]
fn turned_by(axes: &[Vec3; 3], v: Vec3) -> Vec3 {
    add_scaled(add_scaled(scale(axes[0], v[0]), axes[1], v[1]), axes[2], v[2])
}

/// Copies a record, four numbers at a time.
fn copy(world: &World, from: usize, to: usize) {
    let (r, w) = (&world.columns.manifold_real, &world.columns.manifold_word);
    for k in (0..MANIFOLD_REALS).step_by(LANES) {
        r.store(to * MANIFOLD_REALS + k, r.load(from * MANIFOLD_REALS + k));
    }
    for k in (0..MANIFOLD_WORDS).step_by(LANES) {
        w.store(to * MANIFOLD_WORDS + k, w.load(from * MANIFOLD_WORDS + k));
    }
}
