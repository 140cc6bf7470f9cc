//! Rays: the first body on each. Reads `query.origin`, `query.direction`, `query.far`; writes `query.entity`, `query.distance`, `query.point`,
//! `query.normal`. A block owns its rays.

use super::plane;
use super::query::{close, each_four, each_plane, open, open_rays, Filter, Four};
use super::query_grid::Grid;
use super::query_index::{reach, state, GRID, TREE};
use super::query_march::march;
use super::query_shape::{is_shaped, ray_body};
use super::query_walk::{first_child, side, walk};
use crate::geometry::vector::{add, add_scaled, dot, normalize_or, scale, sub, Vec3};
use crate::layout::QUERIES;
use crate::wide::{Real, Real4, Vector4};
use crate::world::{flag, World};

/// Rays a claim casts.
const RAYS_A_BLOCK: usize = 64;
/// What the tests of bodies may be off by, over the length of the ray, in units of the last place: boxes are widened by it.
const ROUNDING: Real = 16.0 * Real::EPSILON;
/// Inverse of a direction's component that is zero: infinite would make NaN of a zero beside it.
const STEEP: Real = 1e30;
/// Mark of a ray that cannot be cast: something is not finite, or the direction is zero.
const BAD: u32 = u32::MAX;
/// Mark of a ray that begins too far away for the grid.
const FAR: u32 = u32::MAX - 1;

/// A ray with a direction of length one.
#[derive(Clone, Copy)]
pub struct Ray {
    /// m
    pub origin: Vec3,
    /// Unit vector.
    pub direction: Vec3,
    /// m
    pub far: Real,
}

/// The first body so far.
#[derive(Clone, Copy)]
struct Best {
    distance: Real,
    /// 0: none, and the distance is that of the ray's end.
    id: u32,
    /// Of a body with a shape.
    normal: Vec3,
}

/// Casts the first `count` rays; gives how many hit, or −1 − i where ray i cannot be cast.
pub fn cast_rays(world: &World, count: usize, threads: u32) -> i32 {
    let count = count.min(QUERIES);
    let filter = Filter::read(world);
    let way = open_rays(world, count, threads);
    let grid = Grid::read(world);
    world.jobs.run(count.div_ceil(RAYS_A_BLOCK), |block| {
        for i in block * RAYS_A_BLOCK..((block + 1) * RAYS_A_BLOCK).min(count) {
            cast_one(world, i, (way, &grid), &filter);
        }
    });
    if !close(world) {
        return cast_rays(world, count, 1);
    }
    let mut hits = 0;
    for i in 0..count {
        match world.columns.query_entity.get(i) {
            BAD => return -1 - i as i32,
            FAR => {
                // The tree then, which knows how far away it is.
                open(world, count, threads);
                close(world);
                return cast_rays(world, count, threads);
            }
            e => hits += (e != 0) as i32,
        }
    }
    hits
}

/// Question `i` as a ray; none when it cannot be cast.
fn ray(world: &World, i: usize) -> Option<Ray> {
    let c = &world.columns;
    let three = |column: &crate::column::Column<Real>| -> Vec3 { core::array::from_fn(|axis| column.get(3 * i + axis)) };
    let (origin, toward, far) = (three(&c.query_origin), three(&c.query_direction), c.query_far.get(i));
    let largest = toward.iter().fold(0.0, |a: Real, v| a.max(v.abs()));
    let finite = origin.iter().chain(&toward).all(|v| v.is_finite()) && (0.0..=Real::MAX).contains(&far);
    if !finite || largest == 0.0 {
        return None;
    }
    // In f64 no length of an f32 is too small or too large; one of an f64 is taken from the largest component on.
    #[cfg(feature = "double")]
    let toward = toward.map(|v| v / largest);
    let part = toward.map(|v| v as f64);
    let length = (part[0] * part[0] + part[1] * part[1] + part[2] * part[2]).sqrt();
    Some(Ray { origin, direction: part.map(|v| (v / length) as Real), far })
}

/// Casts ray `i`: through the tree or the grid, or at all bodies.
fn cast_one(world: &World, i: usize, (way, grid): (u32, &Grid), filter: &Filter) {
    let Some(ray) = ray(world, i) else {
        world.columns.query_entity.set(i, BAD);
        return;
    };
    let mut best = cast_planes(world, &ray, way != 0, filter);
    match way {
        GRID if ray.origin.iter().map(|v| v.abs()).sum::<Real>() > grid.most => {
            world.columns.query_entity.set(i, FAR);
            return;
        }
        GRID => find_in_grid(world, &ray, grid, filter, &mut best),
        TREE => find_first(world, &ray, &Slopes::new(world, &ray, [0.0; 3]), filter, &mut best),
        _ => each_four(world, |four| test(world, &ray, filter, &four, &mut best)),
    }
    answer(world, i, &ray, best);
}

/// The first body of the grid on a ray.
#[inline(never)]
fn find_in_grid(world: &World, ray: &Ray, grid: &Grid, filter: &Filter, best: &mut Best) {
    march(world, grid, ray, best.distance, |four| {
        test_apart(world, ray, filter, four, best);
        best.distance
    });
}

/// The first body of the index on a ray. A function of its own: inlined, the compiler would make the slopes anew for each node.
#[inline(never)]
fn find_first(world: &World, ray: &Ray, slopes: &Slopes, filter: &Filter, best: &mut Best) {
    walk(
        world,
        world.columns.query_state.get(state::ROOT),
        best.distance,
        |at, half| slopes.near(|row| side(world, at, row, half)),
        |at, _| first_child(world, at, slopes.signs),
        |four, _| {
            test(world, ray, filter, four, best);
            best.distance
        },
    );
}

/// As `test`, for the few fours that a ray comes near.
#[inline(never)]
fn test_apart(world: &World, ray: &Ray, filter: &Filter, four: &Four, best: &mut Best) {
    test(world, ray, filter, four, best);
}

/// The first plane on a ray.
fn cast_planes(world: &World, ray: &Ray, indexed: bool, filter: &Filter) -> Best {
    let mut best = Best { distance: ray.far, id: 0, normal: [0.0; 3] };
    each_plane(world, indexed, |e| {
        if let Some(distance) = plane_distance(world, ray, e as usize) {
            offer(world, ray, filter, &mut best, (distance, e));
        }
    });
    best
}

/// Writes the answer of ray `i`.
fn answer(world: &World, i: usize, ray: &Ray, best: Best) {
    let c = &world.columns;
    c.query_entity.set(i, best.id);
    let (point, normal, distance) = if best.id == 0 {
        ([0.0; 3], [0.0; 3], Real::INFINITY)
    } else {
        let point = add_scaled(ray.origin, ray.direction, best.distance);
        (point, normal(world, ray, best, point), best.distance)
    };
    c.query_distance.set(i, distance);
    for axis in 0..3 {
        c.query_point.set(3 * i + axis, point[axis]);
        c.query_normal.set(3 * i + axis, normal[axis]);
    }
}

/// Takes body `e` when it is nearer than the best, or as near with a lower id. Of a body with a shape `distance` is that of the ball around it.
#[inline(always)]
fn offer(world: &World, ray: &Ray, filter: &Filter, best: &mut Best, (distance, e): (Real, u32)) {
    let nearer = |distance: Real, best: &Best| distance < best.distance || (distance == best.distance && (best.id == 0 || e < best.id));
    if !(distance <= best.distance && filter.passes(world, e)) {
        return;
    }
    if is_shaped(world, e) {
        if let Some((distance, normal)) = ray_body(world, e, ray.origin, ray.direction, best.distance) {
            if nearer(distance, best) {
                *best = Best { distance, id: e, normal };
            }
        }
    } else if nearer(distance, best) {
        *best = Best { distance, id: e, normal: [0.0; 3] };
    }
}

/// Four bodies against a ray.
#[inline(always)]
fn test(world: &World, ray: &Ray, filter: &Filter, four: &Four, best: &mut Best) {
    let (origin, direction) = (Vector4::splat(ray.origin), Vector4::splat(ray.direction));
    let zero = Real4::splat(0.0);
    let d = origin - four.centre;
    let b = d.dot(direction);
    // The squared distance from the line, not b² − c: far from the body that difference has no digits left.
    let off = d - direction.scale(b);
    let radius2 = four.radius * four.radius;
    let half2 = radius2 - off.dot(off);
    let inside = d.dot(d).le(radius2);
    let ahead = b.lt(zero) & half2.ge(zero);
    let bits = (inside | ahead).bits() & four.used;
    if bits != 0 {
        let distance = inside.select(zero, -b - half2.max(zero).sqrt());
        meet(world, ray, filter, (four, bits, distance), best);
    }
}

/// Takes the nearest of the bodies among four that are on a ray, and how far they are.
#[inline(never)]
fn meet(world: &World, ray: &Ray, filter: &Filter, (four, mut bits, distance): (&Four, u32, Real4), best: &mut Best) {
    let distance = distance.to_array();
    while bits != 0 {
        let lane = bits.trailing_zeros() as usize & 3;
        bits &= bits - 1;
        offer(world, ray, filter, best, (distance[lane].max(0.0), four.id(world, lane)));
    }
}

/// Where a ray enters a plane from above.
fn plane_distance(world: &World, ray: &Ray, e: usize) -> Option<Real> {
    let normal = plane::normal(world, e);
    let height = dot(normal, sub(ray.origin, super::collide::position(world, e)));
    let closing = -dot(normal, ray.direction);
    (closing > 0.0 && height >= 0.0).then(|| height / closing)
}

/// The unit normal where a ray hits; against the ray where it began inside.
fn normal(world: &World, ray: &Ray, best: Best, point: Vec3) -> Vec3 {
    let e = best.id as usize;
    if world.columns.flags.get(e) & flag::PLANE != 0 {
        return plane::normal(world, e);
    }
    if is_shaped(world, best.id) {
        return best.normal;
    }
    normalize_or(sub(point, super::collide::position(world, e)), scale(ray.direction, -1.0))
}

/// The inverse of a direction, finite.
#[inline(always)]
pub fn inverse(direction: Vec3) -> Vec3 {
    direction.map(|v| {
        if v.abs() > 1.0 / STEEP {
            1.0 / v
        } else if v < 0.0 {
            -STEEP
        } else {
            STEEP
        }
    })
}

/// A ray against four boxes (the slabs of Kay and Kajiya 1986), widened by what the tests of bodies may be off.
pub struct Slopes {
    near_origin: [Real4; 3],
    far_origin: [Real4; 3],
    inverse: [Real4; 3],
    /// Row of a node where the nearer side lies, for each axis.
    near_row: [usize; 3],
    far_row: [usize; 3],
    /// A bit an axis: the ray goes down it.
    pub signs: u32,
}

impl Slopes {
    /// Those of a ray with the index as it is; boxes are widened by `expand` on all sides.
    #[inline(always)]
    pub fn new(world: &World, ray: &Ray, expand: Vec3) -> Self {
        let sign = ray.direction.map(|v| if v < 0.0 { -1.0 as Real } else { 1.0 });
        let inverse = inverse(ray.direction);
        let wide = ROUNDING * ray.far.min(reach(world, ray.origin));
        let out: Vec3 = core::array::from_fn(|axis| sign[axis] * (expand[axis] + wide));
        let down = |axis: usize| (sign[axis] < 0.0) as usize;
        Self {
            near_origin: add(ray.origin, out).map(Real4::splat),
            far_origin: sub(ray.origin, out).map(Real4::splat),
            inverse: inverse.map(Real4::splat),
            near_row: core::array::from_fn(|axis| axis + 3 * down(axis)),
            far_row: core::array::from_fn(|axis| axis + 3 - 3 * down(axis)),
            signs: (down(0) | down(1) << 1 | down(2) << 2) as u32,
        }
    }

    /// Where the ray enters each of four boxes, infinite where it misses. `side(k)`: low x, y, z, high x, y, z of the boxes.
    #[inline(always)]
    pub fn near(&self, side: impl Fn(usize) -> Real4) -> Real4 {
        let enter = |axis: usize| (side(self.near_row[axis]) - self.near_origin[axis]) * self.inverse[axis];
        let leave = |axis: usize| (side(self.far_row[axis]) - self.far_origin[axis]) * self.inverse[axis];
        let near = enter(0).max(enter(1)).max(enter(2)).max(Real4::splat(0.0));
        let far = leave(0).min(leave(1)).min(leave(2));
        near.le(far).select(near, Real4::splat(Real::INFINITY))
    }
}
