//! What overlaps a ball, a box or another convex shape: into `found`, in the order of the ids. Planes do not count.

use super::query::{close, each_four, open, Filter, Four};
use super::query_index::state;
use super::query_probe::read;
use super::query_shape::{is_shaped, nearest_body, overlaps_body, Probe, Span};
use super::query_walk::{side, walk};
use crate::geometry::convex::Convex;
use crate::geometry::vector::*;
use crate::layout::QUERIES;
use crate::order;
use crate::wide::{Real, Real4, Vector4};
use crate::world::World;

/// What the test of two balls may be off by, in units of the last place of their distance.
const ROUNDING: Real = 16.0 * Real::EPSILON;
/// Balls a claim answers.
const BALLS_A_BLOCK: usize = 16;
/// Mark of a ball that cannot be asked about.
const BAD: u32 = u32::MAX;

/// Lists the bodies that a shape touches into `found`; gives how many.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn overlap_shape(world: &World, kind: u32, entry: usize) -> usize {
    let filter = Filter::read(world);
    let indexed = open(world, 1, 1);
    let mut count = 0;
    if let Some(probe) = read(world, kind, entry) {
        let mut take = |e: u32| {
            world.columns.found.set(count, e);
            count += 1;
        };
        match probe.shape {
            Convex::Sphere(radius) => each_in_ball(world, (probe.pose.position, radius), indexed, &filter, &mut take),
            _ => each_in_shape(world, &probe, indexed, &filter, &mut take),
        }
    }
    close(world);
    sort_found(world, 0, count);
    count
}

/// Answers as many of the first `count` balls (`query.origin`, radius in `query.far`) as `found` has room for: their numbers of bodies into
/// `query.entity`, the bodies into `found`, one ball after the other. Gives how many balls, or −1 − i where ball i cannot be asked about.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn overlap_balls(world: &World, count: usize, threads: u32) -> i32 {
    let count = count.min(QUERIES);
    let filter = Filter::read(world);
    let indexed = open(world, count, threads);
    let c = &world.columns;
    world.jobs.run(count.div_ceil(BALLS_A_BLOCK), |block| {
        for i in block * BALLS_A_BLOCK..((block + 1) * BALLS_A_BLOCK).min(count) {
            let mut number = 0;
            match ball(world, i) {
                Some(ball) => each_in_ball(world, ball, indexed, &filter, &mut |_| number += 1),
                None => number = BAD,
            }
            c.query_entity.set(i, number);
        }
    });
    // Where each ball's list begins: in the column of points, which this question does not use.
    let (mut answered, mut end) = (0, 0);
    for i in 0..count {
        let number = c.query_entity.get(i);
        if number == BAD {
            close(world);
            return -1 - i as i32;
        }
        if end + number as usize > c.found.len() {
            break;
        }
        c.query_point.set(i, end as Real);
        end += number as usize;
        answered = i + 1;
    }
    world.jobs.run(answered.div_ceil(BALLS_A_BLOCK), |block| {
        for i in block * BALLS_A_BLOCK..((block + 1) * BALLS_A_BLOCK).min(answered) {
            let start = c.query_point.get(i) as usize;
            let mut at = start;
            if let Some(ball) = ball(world, i) {
                each_in_ball(world, ball, indexed, &filter, &mut |e| {
                    c.found.set(at, e);
                    at += 1;
                });
            }
            sort_found(world, start, at - start);
        }
    });
    if close(world) {
        answered as i32
    } else {
        overlap_balls(world, count, 1)
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn ball(world: &World, i: usize) -> Option<(Vec3, Real)> {
    let c = &world.columns;
    let (centre, radius): (Vec3, Real) = (core::array::from_fn(|axis| c.query_origin.get(3 * i + axis)), c.query_far.get(i));
    (centre.iter().all(|v| v.is_finite()) && (0.0..=Real::MAX).contains(&radius)).then_some((centre, radius))
}

/// Reports the bodies that a ball touches, in the order of the index or of the ids.
#[inline(never)]
fn each_in_ball(world: &World, (centre, radius): (Vec3, Real), indexed: bool, filter: &Filter, take: &mut dyn FnMut(u32)) {
    let middle = Vector4::splat(centre);
    let mut test = |four: &Four| {
        let d = four.centre - middle;
        let sum = four.radius + Real4::splat(radius);
        let mut bits = d.dot(d).le(sum * sum).bits() & four.used;
        while bits != 0 {
            let e = four.id(world, bits.trailing_zeros() as usize);
            bits &= bits - 1;
            let near = || !is_shaped(world, e) || nearest_body(world, e, centre, radius).is_some_and(|(distance, _)| distance <= radius);
            if filter.passes(world, e) && near() {
                take(e);
            }
        }
    };
    if !indexed {
        return each_four(world, |four| test(&four));
    }
    let bound = (radius * radius * (1.0 + ROUNDING)).min(Real::MAX);
    let root = world.columns.query_state.get(state::ROOT);
    walk(
        world,
        root,
        bound,
        |at, half| distance2(world, (at, half), middle),
        |_, _| 0,
        |four, bound| {
            test(four);
            bound
        },
    );
}

/// Reports the bodies that a shape touches.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
#[inline(never)]
fn each_in_shape(world: &World, probe: &Probe, indexed: bool, filter: &Filter, take: &mut dyn FnMut(u32)) {
    let span = probe.span();
    let middle = Vector4::splat(scale(add(span.0, span.1), 0.5));
    let half = Vector4::splat(scale(sub(span.1, span.0), 0.5 * (1.0 + ROUNDING)));
    let zero = Real4::splat(0.0);
    let mut test = |four: &Four| {
        // The ball of a body against the box around the probe.
        let apart = |d: Real4, half: Real4| (d.max(-d) - half).max(zero);
        let d = four.centre - middle;
        let gap = Vector4::new(apart(d.x, half.x), apart(d.y, half.y), apart(d.z, half.z));
        let mut bits = (gap.dot(gap) * Real4::splat(1.0 - ROUNDING)).le(four.radius * four.radius).bits() & four.used;
        while bits != 0 {
            let e = four.id(world, bits.trailing_zeros() as usize);
            bits &= bits - 1;
            if filter.passes(world, e) && overlaps_body(world, e, probe) {
                take(e);
            }
        }
    };
    if !indexed {
        return each_four(world, |four| test(&four));
    }
    let root = world.columns.query_state.get(state::ROOT);
    walk(
        world,
        root,
        0.0,
        |at, half| meets(world, (at, half), span),
        |_, _| 0,
        |four, bound| {
            test(four);
            bound
        },
    );
}

/// 0 for each of four boxes of a node that touches a span, infinite for the others.
#[inline(always)]
fn meets(world: &World, (node, half): (usize, usize), (low, high): Span) -> Real4 {
    let touches = |axis: usize| {
        let slack = (low[axis].abs() + high[axis].abs()) * ROUNDING;
        side(world, node, axis, half).le(Real4::splat(high[axis] + slack))
            & side(world, node, axis + 3, half).ge(Real4::splat(low[axis] - slack))
    };
    (touches(0) & touches(1) & touches(2)).select(Real4::splat(0.0), Real4::splat(Real::INFINITY))
}

/// Squared distance of a point from each of four boxes of a node, rounded down; infinite for those that are empty.
#[inline(always)]
pub fn distance2(world: &World, (node, half): (usize, usize), point: Vector4) -> Real4 {
    let zero = Real4::splat(0.0);
    let apart = |axis: usize, p: Real4| (side(world, node, axis, half) - p).max(p - side(world, node, axis + 3, half)).max(zero);
    let d = Vector4::new(apart(0, point.x), apart(1, point.y), apart(2, point.z));
    d.dot(d) * Real4::splat(1.0 - ROUNDING)
}

/// Puts `count` of `found` from `start` on into ascending order.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn sort_found(world: &World, start: usize, count: usize) {
    // SAFETY: these elements have been written, and belong to this call or to this block.
    let found = unsafe { core::slice::from_raw_parts_mut(world.columns.found.address(start), count) };
    order::sort(found, |a, b| a < b);
}
