//! From many points of contact to four that hold the body as well: the deepest, the one farthest from it along the surface, and the two that span
//! most on either side of the line between them.

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
    let best = |score: &dyn Fn(&Point) -> Option<Real>| {
        let mut found = (Real::NEG_INFINITY, None);
        for (k, point) in points.iter().enumerate() {
            if let Some(value) = score(point).filter(|&value| value > found.0) {
                found = (value, Some(k));
            }
        }
        found.1.map(|k| points[k])
    };
    let Some(deepest) = best(&|p| Some(-p.separation)) else { return };
    out.push(deepest);
    let n = out.normal;
    // What lies higher bears less: of two corners above each other the lower one counts, and the upper side of a plate never does.
    let higher = |p: &Point| p.separation - deepest.separation;
    let across = |p: &Point| {
        let d = sub(p.position, deepest.position);
        add_scaled(d, n, -dot(d, n))
    };
    let farthest = best(&|p| {
        let d2 = dot(across(p), across(p));
        (d2 > 0.0).then(|| d2 - higher(p) * higher(p))
    });
    let Some(farthest) = farthest else { return };
    out.push(farthest);
    let side = cross(n, across(&farthest));
    let width = length(side);
    for sign in [1.0, -1.0] {
        let beside = best(&|p| {
            let area = sign * dot(side, across(p));
            (area > 0.0).then(|| area - width * higher(p))
        });
        if let Some(point) = beside {
            out.push(point);
        }
    }
}
