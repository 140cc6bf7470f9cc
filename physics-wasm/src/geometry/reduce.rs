//! From many points of contact to four that hold the body as well: the deepest, the one farthest from it, and the two that span most on either
//! side of the line between them.

use super::manifold::{Manifold, Point, MAX_POINTS};
use super::vector::*;
use crate::wide::Real;

/// Fills the manifold, whose normal is set, with at most four of `points`.
pub fn reduce(points: &[Point], out: &mut Manifold) {
    out.count = 0;
    if points.len() <= MAX_POINTS {
        points.iter().for_each(|point| {
            out.push(*point);
        });
        return;
    }
    let best = |score: &dyn Fn(&Point) -> Real| {
        let mut found = (Real::NEG_INFINITY, 0);
        for (k, point) in points.iter().enumerate() {
            let value = score(point);
            if value > found.0 {
                found = (value, k);
            }
        }
        found
    };
    let deepest = points[best(&|p| -p.separation).1];
    let far = best(&|p| {
        let d = sub(p.position, deepest.position);
        dot(d, d)
    });
    out.push(deepest);
    if far.0 <= 0.0 {
        return;
    }
    let farthest = points[far.1];
    out.push(farthest);
    let n = out.normal;
    let side = cross(n, sub(farthest.position, deepest.position));
    for sign in [1.0, -1.0] {
        let (area, k) = best(&|p| sign * dot(side, sub(p.position, deepest.position)));
        if area > 0.0 {
            out.push(points[k]);
        }
    }
}
