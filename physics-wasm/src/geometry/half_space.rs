//! A half-space, y ≤ 0 of its frame, against a convex shape: the shape's corners that are low enough.

use super::convex::{Convex, MAX_HULL_VERTICES};
use super::manifold::{Manifold, Point};
use super::reduce::reduce;
use super::vector::*;
use crate::wide::Real;

/// Fills `out` with the points of `part`, at pose `at` in the half-space's frame, whose height is at most `reach`.
pub fn collide(part: &Convex, at: &Pose, reach: Real, out: &mut Manifold) {
    let mut low = Low { points: [Point::default(); MAX_HULL_VERTICES], count: 0, reach };
    match part {
        Convex::Sphere(radius) => low.take(at.position, *radius, 0),
        Convex::Capsule { radius, half_height } => {
            for (id, sign) in [1.0, -1.0].into_iter().enumerate() {
                low.take(at.point([0.0, sign * half_height, 0.0]), *radius, id);
            }
        }
        Convex::Box(half) => {
            let sign = |id: usize, axis: usize| if id >> axis & 1 == 0 { half[axis] } else { -half[axis] };
            for id in 0..8 {
                low.take(at.point([sign(id, 0), sign(id, 1), sign(id, 2)]), 0.0, id);
            }
        }
        Convex::Hull(hull) => hull.vertices.iter().enumerate().for_each(|(id, v)| low.take(at.point(*v), 0.0, id)),
        Convex::Triangle(triangle) => triangle.corners.iter().enumerate().for_each(|(id, v)| low.take(at.point(*v), 0.0, id)),
    }
    out.normal = [0.0, 1.0, 0.0];
    reduce(&low.points[..low.count], out);
}

struct Low {
    points: [Point; MAX_HULL_VERTICES],
    count: usize,
    reach: Real,
}

impl Low {
    /// Takes the lowest point of a ball of `radius` about `centre`, when it is low enough.
    fn take(&mut self, centre: Vec3, radius: Real, id: usize) {
        let height = centre[1] - radius;
        if height <= self.reach && self.count < MAX_HULL_VERTICES {
            self.points[self.count] = Point { position: [centre[0], 0.5 * height, centre[2]], separation: height, id: id as u32 };
            self.count += 1;
        }
    }
}
