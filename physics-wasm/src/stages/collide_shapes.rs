//! Pairs in which not both are spheres: convex part against convex part, plane or triangle, each a manifold.
//!
//! What moves far in a step compared with its size is cast along its path first, and its manifold is the one at the moment of meeting: nothing
//! passes through anything, and nothing feels what it passes by. What hardly moved against the other body since its manifold was found keeps
//! it, with the gaps brought up to date (Box3D calls it contact recycling).

use super::collide::velocity;
use super::integrate_velocities::{size_of, MARGIN};
use super::manifold::{word, word_of};
pub use super::manifold_write::Slots;
use super::mesh_contacts;
use crate::geometry::cast::cast;
use crate::geometry::collide::{collide, Cache};
use crate::geometry::convex::Convex;
use crate::geometry::half_space;
use crate::geometry::manifold::{Manifold, Point, MAX_POINTS};
use crate::geometry::vector::*;
use crate::shapes::{self, kind};
use crate::wide::Real;
use crate::world::{flag, World};

/// A path longer than this share of the smaller inner radius is cast.
pub(super) const FAST: Real = 0.5;
/// Id of the point that guards what moves fast.
const GUARD: u32 = u32::MAX;

/// Which of a pair comes first: planes 0, level geometry 1, the others 2.
pub fn rank(world: &World, e: usize) -> u32 {
    let flags = world.columns.live.get(e);
    if flags & flag::PLANE != 0 {
        0
    } else if is_level(world, e) {
        1
    } else {
        2
    }
}

/// Whether a body is a mesh or a height field.
fn is_level(world: &World, e: usize) -> bool {
    world.columns.live.get(e) & flag::SHAPED != 0
        && matches!(shapes::kind_of(world, world.columns.shape.get(e) as usize), kind::MESH | kind::HEIGHT_FIELD)
}

/// A pair on its way through the narrow phase.
pub struct Pair<'a> {
    /// The world.
    pub world: &'a World,
    /// Bodies.
    pub ends: [usize; 2],
    /// b in a's frame.
    pub relative: Pose,
    /// How b moves against a in this step, in a's frame, m.
    pub path: Vec3,
    /// What their spins may add to a gap's closing, m.
    pub swing: Real,
    /// Gap below which they touch, m.
    pub margin: Real,
    /// Size of the smaller body, m.
    pub size: Real,
    pub(super) poses: [Pose; 2],
    /// First manifold of the last step, plus one.
    pub(super) before: u32,
    /// First of this step, plus one, and the last one so far.
    pub(super) first: u32,
    pub(super) last: usize,
    /// Manifolds so far.
    pub(super) count: u32,
}

/// Finds the manifolds of a pair: the first one plus one (0: none), and the number of contacts. A sensor's pair has a contact and no manifold.
/// `before`: the pair's first manifold of the last step, plus one.
pub fn meet(world: &World, [a, b]: [usize; 2], before: u32, slots: &mut Slots) -> (u32, u32) {
    let c = &world.columns;
    let poses = [shapes::body_pose(world, a), shapes::body_pose(world, b)];
    let dt = world.parameters.dt;
    let path = scale(sub(velocity(world, b), velocity(world, a)), dt);
    let spin = |e: usize| {
        let moves = c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) != 0;
        if moves {
            length([c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)]) * c.radius.get(e) * dt
        } else {
            0.0
        }
    };
    let size = size_of(world, a).min(size_of(world, b));
    let mut pair = Pair {
        world,
        ends: [a, b],
        relative: poses[0].to_local(&poses[1]),
        path: unrotate(poses[0].rotation, path),
        swing: (spin(a) + spin(b)).min(size),
        margin: 2.0 * MARGIN * size,
        size,
        poses,
        before,
        first: 0,
        last: 0,
        count: 0,
    };
    if (c.live.get(a) | c.live.get(b)) & flag::SENSOR != 0 {
        return (0, pair.overlaps() as u32);
    }
    match rank(world, a) {
        0 => pair.each_part(1, |pair, k, part, pose| pair.meet_plane(k, &part, pose, slots)),
        1 => pair.each_part(1, |pair, k, part, pose| mesh_contacts::meet(pair, k, &part, pose, slots)),
        _ => pair.each_part(0, |pair, i, own, at| {
            pair.each_part(1, |pair, j, part, pose| pair.meet_convex([i, j], [&own, &part], [at, pose], slots));
        }),
    }
    (pair.first, pair.count)
}

impl Pair<'_> {
    /// The convex parts of body 0 or 1, each with its pose in the body.
    fn each_part(&mut self, end: usize, mut visit: impl FnMut(&mut Self, usize, Convex, &Pose)) {
        let (world, e) = (self.world, self.ends[end]);
        if let Some(convex) = shapes::body_convex(world, e) {
            visit(self, 0, convex, &Pose::ORIGIN);
            return;
        }
        let shape = world.columns.shape.get(e) as usize;
        if shapes::kind_of(world, shape) != kind::COMPOUND {
            return;
        }
        for k in 0..shapes::child_count(world, shape) {
            let (convex, pose) = shapes::child(world, shape, k);
            visit(self, k, convex, &pose);
        }
    }

    /// Whether any parts overlap, for sensors.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn overlaps(&mut self) -> bool {
        let mut found = false;
        let plane = rank(self.world, self.ends[0]) == 0;
        if plane || is_level(self.world, self.ends[0]) {
            self.each_part(1, |pair, _, part, pose| {
                let at = pair.relative.compose(pose);
                found |= if plane {
                    let mut manifold = Manifold::default();
                    half_space::collide(&part, &at, 0.0, &mut manifold);
                    manifold.count > 0
                } else {
                    mesh_contacts::overlaps(pair, &part, &at)
                };
            });
            return found;
        }
        self.each_part(0, |pair, _, own, inner| {
            pair.each_part(1, |pair, _, part, pose| {
                found |= pair.parts_overlap([&own, &part], [inner, pose]);
            });
        });
        found
    }

    /// Whether two parts do, at their poses in their bodies.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn parts_overlap(&self, shapes: [&Convex; 2], poses: [&Pose; 2]) -> bool {
        let at = poses[0].inverse().compose(&self.relative.compose(poses[1]));
        let mut manifold = Manifold::default();
        collide(shapes[0], shapes[1], &at, 0.0, &mut Cache(0), &mut manifold);
        manifold.count > 0
    }

    /// A plane (+y of its frame) against a convex part.
    #[inline(never)]
    fn meet_plane(&mut self, k: usize, part: &Convex, pose: &Pose, slots: &mut Slots) {
        let at = self.relative.compose(pose);
        let closing = (-self.path[1]).max(0.0);
        let reach = self.margin + closing + self.swing;
        let mut manifold = Manifold::default();
        half_space::collide(part, &at, reach, &mut manifold);
        self.add(k as u32, &manifold, ([0.0; 3], 0), slots);
    }

    /// Two convex parts.
    #[inline(never)]
    fn meet_convex(&mut self, [i, j]: [usize; 2], shapes: [&Convex; 2], poses: [&Pose; 2], slots: &mut Slots) {
        let sub_key = ((i << 16) | j) as u32;
        let old = self.find_old(sub_key);
        if let Some(old) = old {
            if self.recycle(old, slots) {
                return;
            }
        }
        let cache = old.map_or(0, |old| word_of(self.world, old, word::CACHE));
        let inverse = poses[0].inverse();
        let at = inverse.compose(&self.relative.compose(poses[1]));
        let path = rotate(inverse.rotation, self.path);
        let found = self.find(shapes, at, path, cache);
        if let Some((mut manifold, share, cache)) = found {
            // From the part's frame to the body's.
            manifold.normal = rotate(poses[0].rotation, manifold.normal);
            for point in &mut manifold.points[..manifold.count] {
                point.position = poses[0].point(point.position);
            }
            self.add(sub_key, &manifold, (scale(self.path, share), cache), slots);
        }
    }

    /// The manifold of two convex shapes, b at `at`: as they are, or when b moves fast, as they meet. Gives the share of the path at which it
    /// was found and the narrow phase's hint.
    pub fn find(&self, shapes: [&Convex; 2], at: Pose, path: Vec3, cache: u32) -> Option<(Manifold, Real, u32)> {
        let mut manifold = Manifold::default();
        let mut cache = Cache(cache);
        let far = length(path);
        if far > FAST * self.size {
            // Already touching: what is in contact stays so, however fast it slides.
            collide(shapes[0], shapes[1], &at, self.margin, &mut cache, &mut manifold);
            if manifold.count > 0 {
                return Some((manifold, 0.0, cache.0));
            }
            let meeting = cast(shapes[0], shapes[1], &at, path)?;
            let then = Pose { position: add_scaled(at.position, path, meeting.share), rotation: at.rotation };
            collide(shapes[0], shapes[1], &then, self.margin, &mut cache, &mut manifold);
            if manifold.count == 0 {
                let point = Point { position: meeting.point, separation: 0.0, id: 0 };
                manifold = Manifold { normal: meeting.normal, count: 1, points: [point; MAX_POINTS] };
            }
            self.guard(&mut manifold, then.position);
            return Some((manifold, meeting.share, cache.0));
        }
        collide(shapes[0], shapes[1], &at, self.margin + far + self.swing, &mut cache, &mut manifold);
        let closing = (-dot(manifold.normal, path)).max(0.0);
        keep_near(&mut manifold, self.margin + closing + self.swing);
        (manifold.count > 0).then_some((manifold, 0.0, cache.0))
    }

    /// A point that keeps b's inner ball on its side: what hits a wall with a corner at full speed would turn about it and pass.
    /// `centre` is b's part when they meet.
    fn guard(&self, manifold: &mut Manifold, centre: Vec3) {
        let c = &self.world.columns;
        let b = self.ends[1];
        let radius = if c.live.get(b) & flag::SHAPED == 0 { return } else { shapes::inner_radius(self.world, c.shape.get(b) as usize) };
        let first = manifold.points[0];
        let surface = add_scaled(first.position, manifold.normal, -0.5 * first.separation);
        let separation = (dot(manifold.normal, sub(centre, surface)) - radius).max(0.0);
        let point = Point { position: add_scaled(centre, manifold.normal, -radius - 0.5 * separation), separation, id: GUARD };
        if !manifold.push(point) {
            manifold.points[MAX_POINTS - 1] = point;
        }
    }
}

/// Drops the points of a manifold whose gap is larger than `reach`.
fn keep_near(manifold: &mut Manifold, reach: Real) {
    let mut kept = 0;
    for k in 0..manifold.count {
        if manifold.points[k].separation <= reach {
            manifold.points[kept] = manifold.points[k];
            kept += 1;
        }
    }
    manifold.count = kept;
}
