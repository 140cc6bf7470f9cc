//! The body nearest to each of many points. Reads `query.origin` and `query.far`; writes `query.entity`, `query.distance`, `query.point`. A block owns
//! its points.

use super::plane;
use super::query::{close, each_four, each_plane, open, Filter, Four};
use super::query_index::state;
use super::query_overlap::distance2;
use super::query_shape::{is_shaped, nearest_body};
use super::query_walk::{least, walk};
use crate::geometry::vector::*;
use crate::layout::QUERIES;
use crate::wide::{Real, Real4, Vector4};
use crate::world::World;

/// Points a claim answers.
const POINTS_A_BLOCK: usize = 64;
/// Mark of a point that cannot be asked about.
const BAD: u32 = u32::MAX;
/// What a distance may be off by, in units of the last place.
const ROUNDING: Real = 8.0 * Real::EPSILON;

/// The nearest body so far.
struct Best {
    distance: Real,
    /// 0: none, and the distance is the largest that counts.
    id: u32,
    on: Vec3,
}

/// Answers the first `count` points; gives how many have a body, or −1 − i where point i cannot be asked about.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn nearest(world: &World, count: usize, threads: u32) -> i32 {
    let count = count.min(QUERIES);
    let filter = Filter::read(world);
    let indexed = open(world, count, threads);
    world.jobs.run(count.div_ceil(POINTS_A_BLOCK), |block| {
        for i in block * POINTS_A_BLOCK..((block + 1) * POINTS_A_BLOCK).min(count) {
            answer(world, i, indexed, &filter);
        }
    });
    if !close(world) {
        return nearest(world, count, 1);
    }
    let mut hits = 0;
    for i in 0..count {
        match world.columns.query_entity.get(i) {
            BAD => return -1 - i as i32,
            e => hits += (e != 0) as i32,
        }
    }
    hits
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
#[inline(never)]
fn answer(world: &World, i: usize, indexed: bool, filter: &Filter) {
    let c = &world.columns;
    let (point, far): (Vec3, Real) = (core::array::from_fn(|axis| c.query_origin.get(3 * i + axis)), c.query_far.get(i));
    if !(point.iter().all(|v| v.is_finite()) && (0.0..=Real::MAX).contains(&far)) {
        c.query_entity.set(i, BAD);
        return;
    }
    let best = find(world, point, far, indexed, filter);
    c.query_entity.set(i, best.id);
    c.query_distance.set(i, if best.id == 0 { Real::INFINITY } else { best.distance });
    for axis in 0..3 {
        c.query_point.set(3 * i + axis, best.on[axis]);
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn find(world: &World, point: Vec3, far: Real, indexed: bool, filter: &Filter) -> Best {
    let mut best = Best { distance: far, id: 0, on: [0.0; 3] };
    each_plane(world, indexed, |e| {
        let normal = plane::normal(world, e as usize);
        let height = dot(normal, sub(point, super::collide::position(world, e as usize)));
        if filter.passes(world, e) {
            let distance = height.max(0.0);
            offer(&mut best, e, distance, add_scaled(point, normal, -distance));
        }
    });
    if !indexed {
        each_four(world, |four| test(world, point, filter, &four, &mut best));
        return best;
    }
    let root = world.columns.query_state.get(state::ROOT);
    let wide = Vector4::splat(point);
    // Beyond what a sum of rounded squares may be off.
    let bound = |distance: Real| (distance * distance * (1.0 + ROUNDING)).min(Real::MAX);
    walk(
        world,
        root,
        bound(best.distance),
        |at, half| distance2(world, (at, half), wide),
        least,
        |four, _| {
            test(world, point, filter, four, &mut best);
            bound(best.distance)
        },
    );
    best
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn offer(best: &mut Best, e: u32, distance: Real, on: Vec3) {
    if distance < best.distance || (distance == best.distance && (best.id == 0 || e < best.id)) {
        *best = Best { distance, id: e, on };
    }
}

#[inline(never)]
fn test(world: &World, point: Vec3, filter: &Filter, four: &Four, best: &mut Best) {
    let d = four.centre - Vector4::splat(point);
    let distance = (d.dot(d).sqrt() - four.radius).max(Real4::splat(0.0));
    let mut bits = distance.le(Real4::splat(best.distance)).bits() & four.used;
    if bits == 0 {
        return;
    }
    let distance = distance.to_array();
    while bits != 0 {
        let lane = bits.trailing_zeros() as usize & 3;
        bits &= bits - 1;
        let e = four.id(world, lane);
        if !(distance[lane] <= best.distance && filter.passes(world, e)) {
            continue;
        }
        if is_shaped(world, e) {
            if let Some((distance, on)) = nearest_body(world, e, point, best.distance) {
                offer(best, e, distance, on);
            }
        } else {
            offer(best, e, distance[lane], on_sphere(world, e, point, distance[lane]));
        }
    }
}

/// The point of a sphere nearest to a point: the point itself inside.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn on_sphere(world: &World, e: u32, point: Vec3, distance: Real) -> Vec3 {
    if distance == 0.0 {
        return point;
    }
    let centre = super::collide::position(world, e as usize);
    add_scaled(centre, normalize_or(sub(point, centre), [0.0, 1.0, 0.0]), world.columns.radius.get(e as usize))
}
