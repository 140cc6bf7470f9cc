//! Convex shapes as the narrow phase sees them: in their own frame, centred on their centre of mass.

use super::vector::{abs, add_scaled, axes, cross, dot, negate, normalize_or, rotate, scale, sub, Quat, Vec3};
use crate::wide::Real;

/// Most vertices of a hull.
pub const MAX_HULL_VERTICES: usize = 64;
/// Most faces of a hull (Euler: 2 V − 4 triangles).
pub const MAX_HULL_FACES: usize = 2 * MAX_HULL_VERTICES - 4;
/// Most half-edges of a hull.
pub const MAX_HULL_EDGES: usize = 6 * MAX_HULL_VERTICES - 12;

/// A half-edge: goes along its face counter-clockwise, seen from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct HalfEdge {
    /// Next half-edge of the face.
    pub next: u16,
    /// The half-edge back, on the neighbouring face; it is always `index ^ 1`.
    pub twin: u16,
    /// Vertex where it begins.
    pub origin: u16,
    /// Its face.
    pub face: u16,
}

/// A convex polytope over memory that somebody else holds. Coplanar triangles are merged into one face.
#[derive(Clone, Copy, Debug)]
pub struct Hull<'a> {
    /// Corners, m.
    pub vertices: &'a [Vec3],
    /// Outward unit normal and offset of each face: `n · p = d` on the face.
    pub planes: &'a [[Real; 4]],
    /// One half-edge of each face.
    pub faces: &'a [u16],
    /// Half-edges; twins lie side by side (2 k, 2 k + 1).
    pub edges: &'a [HalfEdge],
}

/// A convex shape in its own frame.
#[derive(Clone, Copy, Debug)]
pub enum Convex<'a> {
    /// Radius.
    Sphere(Real),
    /// All points within `radius` of the segment (0, ±half_height, 0).
    Capsule {
        /// m
        radius: Real,
        /// Half the length of the segment, m.
        half_height: Real,
    },
    /// Half extents.
    Box(Vec3),
    /// A polytope.
    Hull(Hull<'a>),
    /// A triangle of level geometry: corners counter-clockwise seen from its front.
    Triangle(Triangle),
}

/// A triangle and what its neighbours look like.
#[derive(Clone, Copy, Debug)]
pub struct Triangle {
    /// Corners, counter-clockwise seen from the front.
    pub corners: [Vec3; 3],
    /// Bit k: the edge from corner k to corner k + 1 is *active*: a border or a convex ridge. At other edges a contact has the face's normal,
    /// so that nothing stumbles over the seams of a flat floor (as Jolt and Box2D's chains do).
    pub active: u32,
}

/// A box along the axes of its frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aabb {
    /// Lowest corner, m.
    pub low: Vec3,
    /// Highest corner, m.
    pub high: Vec3,
}

impl Convex<'_> {
    /// What surrounds the core (a point, a segment, a polytope): the radius of spheres and capsules, m.
    #[inline(always)]
    pub fn margin(&self) -> Real {
        match *self {
            Convex::Sphere(radius) | Convex::Capsule { radius, .. } => radius,
            _ => 0.0,
        }
    }
}

impl Triangle {
    /// Cross product of two sides: twice the area along the front's normal.
    #[inline(always)]
    pub fn area_vector(&self) -> Vec3 {
        let [a, b, c] = self.corners;
        cross(sub(b, a), sub(c, a))
    }
}

/// The point of the shape that is farthest along `direction` (any length; a zero direction gives some point of it), m.
pub fn support(shape: &Convex, direction: Vec3) -> Vec3 {
    let sign = |x: Real, size: Real| if x < 0.0 { -size } else { size };
    match shape {
        Convex::Sphere(radius) => scale(normalize_or(direction, [0.0, 1.0, 0.0]), *radius),
        Convex::Capsule { radius, half_height } => {
            let round = scale(normalize_or(direction, [0.0, 1.0, 0.0]), *radius);
            [round[0], round[1] + sign(direction[1], *half_height), round[2]]
        }
        Convex::Box(half) => [sign(direction[0], half[0]), sign(direction[1], half[1]), sign(direction[2], half[2])],
        Convex::Hull(hull) => farthest(hull.vertices, direction),
        Convex::Triangle(triangle) => farthest(&triangle.corners, direction),
    }
}

/// The first of the points that are farthest along `direction`; the origin when there are none.
#[inline]
fn farthest(points: &[Vec3], direction: Vec3) -> Vec3 {
    let mut best = points.first().copied().unwrap_or_default();
    let mut reach = dot(best, direction);
    for &p in points {
        let d = dot(p, direction);
        if d > reach {
            (best, reach) = (p, d);
        }
    }
    best
}

/// The box around the shape turned by `rotation`, with the shape's origin at the origin, m.
pub fn bounds(shape: &Convex, rotation: Quat) -> Aabb {
    let around = |half: Vec3| Aabb { low: negate(half), high: half };
    let of = |points: &[Vec3]| {
        let first = rotate(rotation, points.first().copied().unwrap_or_default());
        let mut result = Aabb { low: first, high: first };
        for &p in points {
            let p = rotate(rotation, p);
            result.low = [result.low[0].min(p[0]), result.low[1].min(p[1]), result.low[2].min(p[2])];
            result.high = [result.high[0].max(p[0]), result.high[1].max(p[1]), result.high[2].max(p[2])];
        }
        result
    };
    match shape {
        Convex::Sphere(radius) => around([*radius; 3]),
        Convex::Capsule { radius, half_height } => {
            let axis = scale(abs(rotate(rotation, [0.0, 1.0, 0.0])), *half_height);
            around([axis[0] + radius, axis[1] + radius, axis[2] + radius])
        }
        Convex::Box(half) => {
            let [x, y, z] = axes(rotation).map(abs);
            around(add_scaled(add_scaled(scale(x, half[0]), y, half[1]), z, half[2]))
        }
        Convex::Hull(hull) => of(hull.vertices),
        Convex::Triangle(triangle) => of(&triangle.corners),
    }
}
