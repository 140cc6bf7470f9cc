//! Questions about one body with a shape: a ray, a moving probe, a point, an overlap. Everything in the world's frame; each part is asked in its own.

use crate::geometry::cast::cast;
use crate::geometry::convex::{bounds, Convex};
use crate::geometry::gjk::nearest;
use crate::geometry::ray::{closest_point, ray};
use crate::geometry::vector::*;
use crate::shapes::{self, kind};
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

/// Visits the convex parts of a body with their poses in the world; of level geometry, the triangles that touch the box `span`.
fn each_part(world: &World, e: u32, span: Span, mut visit: impl FnMut(&Convex, &Pose)) {
    let e = e as usize;
    let pose = shapes::body_pose(world, e);
    if let Some(convex) = shapes::body_convex(world, e) {
        return visit(&convex, &pose);
    }
    let shape = world.columns.shape.get(e) as usize;
    match shapes::kind_of(world, shape) {
        kind::COMPOUND => {
            for k in 0..shapes::child_count(world, shape) {
                let (convex, inner) = shapes::child(world, shape, k);
                visit(&convex, &pose.compose(&inner));
            }
        }
        kind::MESH | kind::HEIGHT_FIELD => {
            let (low, high) = local_span(world, shape, &pose, span);
            shapes::for_each_triangle(world, shape, low, high, |_, triangle| visit(&Convex::Triangle(triangle), &pose));
        }
        _ => {}
    }
}

/// The box of a frame around a box of the world, cut to the bounds of the shape and widened by its rounding.
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

/// The distance along a ray to a body and the normal there.
pub fn ray_body(world: &World, e: u32, origin: Vec3, direction: Vec3, far: Real) -> Option<(Real, Vec3)> {
    let mut best: Option<(Real, Vec3)> = None;
    // The part of the ray that can be in the body's ball: level geometry is asked for no more.
    let c = &world.columns;
    let at = [c.position_x.get(e as usize), c.position_y.get(e as usize), c.position_z.get(e as usize)];
    let middle = dot(sub(at, origin), direction);
    let radius = c.radius.get(e as usize) * (1.0 + 16.0 * Real::EPSILON) + middle.abs() * 16.0 * Real::EPSILON;
    let (first, last) = ((middle - radius).max(0.0), (middle + radius).min(far));
    let (a, b) = (add_scaled(origin, direction, first), add_scaled(origin, direction, last));
    let span = (core::array::from_fn(|axis| a[axis].min(b[axis])), core::array::from_fn(|axis| a[axis].max(b[axis])));
    each_part(world, e, span, |part, pose| {
        let reach = best.map_or(far, |(distance, _)| distance);
        if let Some((distance, normal)) = ray(part, pose.unpoint(origin), unrotate(pose.rotation, direction), reach) {
            if best.is_none_or(|(before, _)| distance < before) {
                best = Some((distance, rotate(pose.rotation, normal)));
            }
        }
    });
    best
}

/// The nearest point of a body to a point, and the distance: 0 inside.
pub fn nearest_body(world: &World, e: u32, point: Vec3, far: Real) -> Option<(Real, Vec3)> {
    let mut best: Option<(Real, Vec3)> = None;
    let span = (point.map(|v| v - far), point.map(|v| v + far));
    each_part(world, e, span, |part, pose| {
        let (on, distance) = closest_point(part, pose.unpoint(point));
        let distance = if matches!(part, Convex::Triangle(_)) { distance.abs() } else { distance.max(0.0) };
        if best.is_none_or(|(before, _)| distance < before) {
            best = Some((distance, pose.point(on)));
        }
    });
    best
}

/// Whether a shape touches a body.
pub fn overlaps_body(world: &World, e: u32, probe: &Probe) -> bool {
    let mut touches = false;
    each_part(world, e, probe.span(), |part, pose| {
        touches = touches || nearest(part, &probe.shape, &pose.to_local(&probe.pose)).distance <= 0.0;
    });
    touches
}

/// The first meeting of a shape, which moves along `path` without turning, with a body.
pub fn cast_body(world: &World, e: u32, probe: &Probe, path: Vec3) -> Option<Touch> {
    let mut best: Option<Touch> = None;
    let (low, high) = probe.span();
    let span = (core::array::from_fn(|i| low[i] + path[i].min(0.0)), core::array::from_fn(|i| high[i] + path[i].max(0.0)));
    each_part(world, e, span, |part, pose| {
        let Some(meeting) = cast(part, &probe.shape, &pose.to_local(&probe.pose), unrotate(pose.rotation, path)) else { return };
        if best.is_none_or(|before| meeting.share < before.share) {
            best = Some(Touch { share: meeting.share, point: pose.point(meeting.point), normal: rotate(pose.rotation, meeting.normal) });
        }
    });
    best
}
