//! A shape that moves: the first body that it meets. The question is a probe (`query_probe`) and its path in `query.direction`; the answer is number
//! 0 of the columns of answers, with the share of the path as its distance.

use super::plane;
use super::query::{close, each_four, each_plane, open, Filter, Four};
use super::query_index::state;
use super::query_probe::{lowest, read};
use super::query_ray::{Ray, Slopes};
use super::query_shape::{cast_body, Probe, Touch};
use super::query_walk::{first_child, side, walk};
use crate::geometry::vector::*;
use crate::wide::{Real, Real4, Vector4};
use crate::world::World;

/// The first body so far.
struct Best {
    touch: Touch,
    /// 0: none.
    id: u32,
}

/// A probe on its way.
struct Moving<'a> {
    probe: Probe<'a>,
    path: Vec3,
    ray: Ray,
    /// Half extents of a box around the probe, about its position.
    half: Vec3,
}

/// The first body that a shape meets on its path, 0 for none; of several at the same share the one with the lowest id.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn cast_shape(world: &World, kind: u32, entry: usize) -> u32 {
    let filter = Filter::read(world);
    let indexed = open(world, 1, 1);
    let best = match read(world, kind, entry) {
        Some(probe) => cast(world, &moving(world, probe), indexed, &filter),
        None => Best { touch: Touch { share: 1.0, point: [0.0; 3], normal: [0.0; 3] }, id: 0 },
    };
    close(world);
    let c = &world.columns;
    c.query_entity.set(0, best.id);
    c.query_distance.set(0, best.touch.share);
    for axis in 0..3 {
        c.query_point.set(axis, best.touch.point[axis]);
        c.query_normal.set(axis, best.touch.normal[axis]);
    }
    best.id
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn moving<'a>(world: &World, probe: Probe<'a>) -> Moving<'a> {
    let path: Vec3 = core::array::from_fn(|axis| world.columns.query_direction.get(axis));
    let (low, high) = probe.span();
    let half = core::array::from_fn(|axis| {
        let at = probe.pose.position[axis];
        (at - low[axis]).max(high[axis] - at)
    });
    let ray = Ray { origin: probe.pose.position, direction: normalize_or(path, [0.0, 1.0, 0.0]), far: length(path) };
    Moving { probe, path, ray, half }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn cast(world: &World, moving: &Moving, indexed: bool, filter: &Filter) -> Best {
    let mut best = Best { touch: Touch { share: 1.0, point: [0.0; 3], normal: [0.0; 3] }, id: 0 };
    each_plane(world, indexed, |e| {
        if filter.passes(world, e) {
            offer(&mut best, e, meet_plane(world, e, moving));
        }
    });
    if !indexed {
        each_four(world, |four| test(world, moving, filter, &four, &mut best));
        return best;
    }
    let slopes = Slopes::new(world, &moving.ray, moving.half);
    let (root, far) = (world.columns.query_state.get(state::ROOT), moving.ray.far);
    walk(
        world,
        root,
        far,
        |at, half| slopes.near(|row| side(world, at, row, half)),
        |at, _| first_child(world, at, slopes.signs),
        |four, _| {
            test(world, moving, filter, four, &mut best);
            best.touch.share * far
        },
    );
    best
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn offer(best: &mut Best, e: u32, touch: Option<Touch>) {
    if let Some(touch) = touch {
        if touch.share < best.touch.share || (touch.share == best.touch.share && (best.id == 0 || e < best.id)) {
            *best = Best { touch, id: e };
        }
    }
}

/// Four bodies: those whose ball comes near the probe's are asked.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn test(world: &World, moving: &Moving, filter: &Filter, four: &Four, best: &mut Best) {
    let zero = Real4::splat(0.0);
    let d = four.centre - Vector4::splat(moving.ray.origin);
    let direction = Vector4::splat(moving.ray.direction);
    let along = d.dot(direction).max(zero).min(Real4::splat(moving.ray.far));
    let off = d - direction.scale(along);
    let reach = (four.radius + Real4::splat(length(moving.half))) * Real4::splat(1.0 + 16.0 * Real::EPSILON);
    // What the distance from the line may be off by grows with the distance along it.
    let reach = reach + along * Real4::splat(8.0 * Real::EPSILON);
    let mut bits = off.dot(off).le(reach * reach).bits() & four.used;
    while bits != 0 {
        let e = four.id(world, bits.trailing_zeros() as usize);
        bits &= bits - 1;
        if filter.passes(world, e) {
            offer(best, e, cast_body(world, e, &moving.probe, moving.path));
        }
    }
}

/// Where the probe meets a plane from above.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn meet_plane(world: &World, e: u32, moving: &Moving) -> Option<Touch> {
    let normal = plane::normal(world, e as usize);
    let (point, height) = lowest(world, e, &moving.probe);
    let closing = -dot(normal, moving.path);
    let share = if height <= 0.0 { 0.0 } else { height / closing };
    // A path of no length can only overlap.
    let meets = height <= 0.0 || (closing > 0.0 && share <= 1.0);
    meets.then(|| Touch { share, point: add_scaled(point, moving.path, share), normal })
}
