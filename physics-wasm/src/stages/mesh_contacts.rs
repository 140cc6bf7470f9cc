//! A convex part against level geometry: its triangles, taken together where their contacts face the same way.

use super::collide_shapes::Pair;
use crate::geometry::collide::{collide, Cache};
use crate::geometry::convex::{bounds, Convex};
use crate::geometry::manifold::{Manifold, Point, MAX_POINTS};
use crate::geometry::reduce::reduce;
use crate::geometry::vector::*;
use crate::shapes;
use crate::wide::Real;

/// Directions in which one part can touch a mesh at once.
const CLUSTERS: usize = 8;
/// Points of a direction before they are thinned out.
const POINTS: usize = 16;
/// Cosine of the angle up to which contacts face the same way: 8°.
const ALIKE: Real = 0.99;
/// Points nearer than this share of the body are one.
const SAME: Real = 0.02;

struct Cluster {
    manifold: Manifold,
    count: usize,
    points: [Point; POINTS],
}

impl Cluster {
    /// Adds a point; of two at the same place the deeper stays.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn add(&mut self, point: Point, same2: Real) {
        for known in &mut self.points[..self.count] {
            let d = sub(known.position, point.position);
            if dot(d, d) < same2 {
                if point.separation < known.separation {
                    *known = point;
                }
                return;
            }
        }
        if self.count == POINTS {
            reduce(&self.points, &mut self.manifold);
            self.count = self.manifold.count;
            self.points[..self.count].copy_from_slice(&self.manifold.points[..self.count]);
        }
        self.points[self.count] = point;
        self.count += 1;
    }
}

/// Manifolds of part `k` of the pair's second body, at `pose` in it, with the mesh that is the first.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn meet(pair: &mut Pair, k: usize, part: &Convex, pose: &Pose, slots: &mut super::collide_shapes::Slots) {
    let at = pair.relative.compose(pose);
    let mut clusters = [const { None::<Cluster> }; CLUSTERS];
    let mut first_met: Option<(Manifold, Real)> = None;
    let same2 = (SAME * pair.size) * (SAME * pair.size);
    each_triangle(pair, part, &at, |triangle| {
        let Some((manifold, share, _)) = pair.find([triangle, part], at, pair.path, 0) else { return };
        if share > 0.0 {
            if first_met.as_ref().is_none_or(|(_, best)| share < *best) {
                first_met = Some((manifold, share));
            }
            return;
        }
        let home = clusters.iter().position(|c| c.as_ref().is_none_or(|c| dot(c.manifold.normal, manifold.normal) > ALIKE));
        let Some(home) = home else { return };
        let cluster = clusters[home].get_or_insert(Cluster { manifold, count: 0, points: [Point::default(); POINTS] });
        for point in &manifold.points[..manifold.count] {
            cluster.add(*point, same2);
        }
    });
    for (index, cluster) in clusters.iter_mut().flatten().enumerate() {
        reduce(&cluster.points[..cluster.count], &mut cluster.manifold);
        pair.add(((k << 16) | index) as u32, &cluster.manifold, ([0.0; 3], 0), slots);
    }
    if let Some((manifold, share)) = first_met {
        pair.add(((k << 16) | (MAX_POINTS * CLUSTERS)) as u32, &manifold, (scale(pair.path, share), 0), slots);
    }
}

/// Whether the part overlaps the mesh.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn overlaps(pair: &Pair, part: &Convex, at: &Pose) -> bool {
    let mut found = false;
    each_triangle(pair, part, at, |triangle| {
        let mut manifold = Manifold::default();
        collide(triangle, part, at, 0.0, &mut Cache(0), &mut manifold);
        found |= manifold.count > 0;
    });
    found
}

/// Visits the triangles that the part may come near in this step.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn each_triangle(pair: &Pair, part: &Convex, at: &Pose, mut visit: impl FnMut(&Convex)) {
    let world = pair.world;
    let shape = world.columns.shape.get(pair.ends[0]) as usize;
    let own = bounds(part, at.rotation);
    let room = pair.margin + pair.swing;
    let low: Vec3 = core::array::from_fn(|i| at.position[i] + own.low[i] + pair.path[i].min(0.0) - room);
    let high: Vec3 = core::array::from_fn(|i| at.position[i] + own.high[i] + pair.path[i].max(0.0) + room);
    shapes::for_each_triangle(world, shape, low, high, |_, triangle| visit(&Convex::Triangle(triangle)));
}
