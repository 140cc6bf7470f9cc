//! Questions about one body with a shape: a ray, a moving probe, a point, an overlap. Everything in the world's frame; each part is asked in its own.

use crate::geometry::bvh::Ray;
use crate::geometry::cast::{cast, Meeting};
use crate::geometry::convex::{bounds, Convex, Triangle};
use crate::geometry::gjk::nearest;
use crate::geometry::height_field::HeightField;
use crate::geometry::mesh::Mesh;
use crate::geometry::ray::{closest_point, ray};
use crate::geometry::vector::*;
use crate::shapes;
use crate::wide::Real;
use crate::world::{flag, World};

/// A box along the axes: low and high corner.
pub type Span = (Vec3, Vec3);

/// A shape that asks, and where it is.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    /// The shape.
    pub shape: Convex<'a>,
    /// Where it is.
    pub pose: Pose,
}

impl Probe<'_> {
    /// The box around it.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn span(&self) -> Span {
        let around = bounds(&self.shape, self.pose.rotation);
        (add(self.pose.position, around.low), add(self.pose.position, around.high))
    }
}

/// Where a shape that moves meets a body.
#[derive(Clone, Copy)]
pub struct Touch {
    /// Share of the path.
    pub share: Real,
    /// On the body's surface, m.
    pub point: Vec3,
    /// Unit normal of the body's surface there.
    pub normal: Vec3,
}

/// Whether body `e` has an entry in the shape table.
#[inline(always)]
pub fn is_shaped(world: &World, e: u32) -> bool {
    world.columns.flags.get(e as usize) & flag::SHAPED != 0
}

/// Level geometry: triangles with a tree or a grid of their own.
enum Level<'a> {
    Mesh(Mesh<'a>),
    Field(HeightField<'a>),
}

/// The level geometry that a body is, and where it is.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn level(world: &World, e: u32) -> Option<(Level<'_>, Pose)> {
    let shape = world.columns.shape.get(e as usize) as usize;
    let level = shapes::mesh(world, shape).map(Level::Mesh).or_else(|| shapes::height_field(world, shape).map(Level::Field))?;
    Some((level, shapes::body_pose(world, e as usize)))
}

/// Visits the convex parts of a body with their poses in the world; level geometry has none.
#[inline(never)]
fn each_convex(world: &World, e: u32, visit: &mut dyn FnMut(&Convex, &Pose)) {
    let e = e as usize;
    let pose = shapes::body_pose(world, e);
    if let Some(convex) = shapes::body_convex(world, e) {
        return visit(&convex, &pose);
    }
    let shape = world.columns.shape.get(e) as usize;
    for k in 0..shapes::child_count(world, shape) {
        let (convex, inner) = shapes::child(world, shape, k);
        visit(&convex, &pose.compose(&inner));
    }
}

/// The box of a frame around a box of the world, cut to the bounds of the shape and widened by its rounding.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn local_span(world: &World, shape: usize, pose: &Pose, (low, high): Span) -> Span {
    let (least, most) = shapes::bounds(world, shape);
    let centre = pose.unpoint(scale(add(low, high), 0.5));
    let half = scale(sub(high, low), 0.5);
    let rows = axes(pose.rotation);
    // A column of the rotation is a row of its inverse.
    let reach: Vec3 = core::array::from_fn(|axis| dot(abs(rows[axis]), half));
    let slack: Vec3 = core::array::from_fn(|axis| 16.0 * Real::EPSILON * (centre[axis].abs() + reach[axis]));
    (
        core::array::from_fn(|axis| (centre[axis] - reach[axis] - slack[axis]).max(least[axis])),
        core::array::from_fn(|axis| (centre[axis] + reach[axis] + slack[axis]).min(most[axis])),
    )
}

/// The distance along a ray to a body and the normal there, on the side that the ray comes from.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn ray_body(world: &World, e: u32, origin: Vec3, direction: Vec3, far: Real) -> Option<(Real, Vec3)> {
    if let Some((level, pose)) = level(world, e) {
        let ray = Ray { origin: pose.unpoint(origin), direction: unrotate(pose.rotation, direction), max_distance: far, expand: [0.0; 3] };
        let hit = match level {
            Level::Mesh(mesh) => mesh.ray(&ray),
            Level::Field(field) => field.ray(&ray),
        };
        return hit.map(|hit| (hit.distance, rotate(pose.rotation, hit.normal)));
    }
    let mut best: Option<(Real, Vec3)> = None;
    each_convex(world, e, &mut |part, pose| {
        let reach = best.map_or(far, |(distance, _)| distance);
        if let Some((distance, normal)) = ray(part, pose.unpoint(origin), unrotate(pose.rotation, direction), reach) {
            if best.is_none_or(|(before, _)| distance < before) {
                best = Some((distance, rotate(pose.rotation, normal)));
            }
        }
    });
    best
}

/// The nearest point of a body to a point, and the distance: 0 inside. Level geometry that is further than `far` has none.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn nearest_body(world: &World, e: u32, point: Vec3, far: Real) -> Option<(Real, Vec3)> {
    if let Some((level, pose)) = level(world, e) {
        let near = match level {
            Level::Mesh(mesh) => mesh.nearest(pose.unpoint(point), far),
            Level::Field(field) => field.nearest(pose.unpoint(point), far),
        };
        return near.map(|near| (near.distance, pose.point(near.point)));
    }
    let mut best: Option<(Real, Vec3)> = None;
    each_convex(world, e, &mut |part, pose| {
        let (on, distance) = closest_point(part, pose.unpoint(point));
        let distance = distance.max(0.0);
        if best.is_none_or(|(before, _)| distance < before) {
            best = Some((distance, pose.point(on)));
        }
    });
    best
}

/// Whether a shape touches a body.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn overlaps_body(world: &World, e: u32, probe: &Probe) -> bool {
    let mut touches = false;
    let part: &mut dyn FnMut(&Convex, &Pose) = &mut |part: &Convex, pose: &Pose| {
        touches = touches || nearest(part, &probe.shape, &pose.to_local(&probe.pose)).distance <= 0.0;
    };
    if let Some((_, pose)) = level(world, e) {
        let shape = world.columns.shape.get(e as usize) as usize;
        let (low, high) = local_span(world, shape, &pose, probe.span());
        shapes::for_each_triangle(world, shape, low, high, |_, triangle| part(&Convex::Triangle(triangle), &pose));
    } else {
        each_convex(world, e, part);
    }
    touches
}

/// The first meeting of a shape, which moves along `path` without turning, with a body.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn cast_body(world: &World, e: u32, probe: &Probe, path: Vec3) -> Option<Touch> {
    if let Some((level, pose)) = level(world, e) {
        return cast_level(&level, &pose, probe, path);
    }
    let mut best: Option<Touch> = None;
    each_convex(world, e, &mut |part, pose| {
        let Some(meeting) = cast(part, &probe.shape, &pose.to_local(&probe.pose), unrotate(pose.rotation, path)) else { return };
        if best.is_none_or(|before| meeting.share < before.share) {
            best = Some(in_world(&meeting, pose));
        }
    });
    best
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn in_world(meeting: &Meeting, pose: &Pose) -> Touch {
    Touch { share: meeting.share, point: pose.point(meeting.point), normal: rotate(pose.rotation, meeting.normal) }
}

/// The first triangle that a moving shape meets: the box around the shape goes through the tree or the grid as a thick ray.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn cast_level(level: &Level, pose: &Pose, probe: &Probe, path: Vec3) -> Option<Touch> {
    let (start, path) = (pose.to_local(&probe.pose), unrotate(pose.rotation, path));
    let around = bounds(&probe.shape, start.rotation);
    let (middle, far) = (scale(add(around.low, around.high), 0.5), length(path));
    let origin = add(start.position, middle);
    // What the corners of boxes may be off by.
    let slack: Vec3 = core::array::from_fn(|axis| 16.0 * Real::EPSILON * (origin[axis].abs() + far));
    let expand = add(scale(sub(around.high, around.low), 0.5 * (1.0 + 16.0 * Real::EPSILON)), slack);
    let ray = Ray { origin, direction: normalize_or(path, [0.0, 1.0, 0.0]), max_distance: far, expand };
    let mut best: Option<(Meeting, u32)> = None;
    let mut test = |number: u32, triangle: Triangle, max: Real| {
        let Some(meeting) = cast(&Convex::Triangle(triangle), &probe.shape, &start, path) else { return max };
        let first = |(before, other): (Meeting, u32)| meeting.share < before.share || (meeting.share == before.share && number < other);
        if best.is_none_or(first) {
            best = Some((meeting, number));
        }
        best.map_or(max, |(meeting, _)| max.min(meeting.share * far * (1.0 + 4.0 * Real::EPSILON)))
    };
    match level {
        Level::Mesh(mesh) => {
            mesh.tree.visit_ray(&ray, &mut (|number, max| test(number, mesh.triangle(number), max)) as &mut dyn FnMut(u32, Real) -> Real)
        }
        Level::Field(field) => {
            field.visit_ray(&ray, &mut (|number, max| test(number, field.triangle(number), max)) as &mut dyn FnMut(u32, Real) -> Real)
        }
    }
    best.map(|(meeting, _)| in_world(&meeting, pose))
}
