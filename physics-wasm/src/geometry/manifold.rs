//! What the narrow phase gives: a normal and up to four points.

use super::vector::Vec3;
use crate::wide::Real;

/// Points of a manifold.
pub const MAX_POINTS: usize = 4;

/// One point of contact, in the frame of shape a.
#[derive(Clone, Copy, Debug, Default)]
pub struct Point {
    /// Half-way between the two surfaces, m.
    pub position: Vec3,
    /// Gap along the normal, m; negative where the shapes overlap.
    pub separation: Real,
    /// Names the two features that meet; the same pair of features has the same id in the next step.
    pub id: u32,
}

/// A contact of two convex shapes, in the frame of shape a.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manifold {
    /// Unit normal from a to b.
    pub normal: Vec3,
    /// Points in use.
    pub count: usize,
    /// The points.
    pub points: [Point; MAX_POINTS],
}

impl Manifold {
    /// Adds a point; gives false when it is full.
    #[inline(always)]
    pub fn push(&mut self, point: Point) -> bool {
        if self.count == MAX_POINTS {
            return false;
        }
        self.points[self.count] = point;
        self.count += 1;
        true
    }
}
