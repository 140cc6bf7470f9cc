//! `sweep`: bullets. Each goes along a straight path over the step and stops at the first body that it meets, so nothing is ever tunnelled
//! through, whatever its speed.
//!
//! A bullet (`sweep_flight`) walks the rows of cells from which something may reach its path's box (`sweep_reach`). Large bodies, planes, and what a
//! contact of this step threw beyond its own reach are tested apart. Four bullets at a time are asked first whether they fly where nothing is listed: those go straight to the end of their path.
//!
//! A block writes its own bullets; the hits are then listed in bullet order, and what they do to the targets is applied in that order.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::sweep_flight::Flight;
use super::sweep_reach::{self, Look};
use super::sweep_shapes::push;
use crate::column::Column;
use crate::geometry::vector::scale;
use crate::wide::{lanes_below, Real, Real4, Word4, LANES};
use crate::world::{counter, flag, World};

/// Bullets a claim sweeps.
const BULLETS_A_BLOCK: usize = 256;

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let bullets = world.count(counter::BULLETS);
    if bullets > 0 {
        sweep_reach::find_common(world, bullets);
        widen(world);
    }
    let sensed = AtomicU32::new(0);
    {
        let (world, sensed) = (&*world, &sensed);
        world.jobs.run(bullets.div_ceil(BULLETS_A_BLOCK), |block| sweep_block(world, block, bullets, sensed));
    }
    world.set_count(counter::FLOWN, sensed.load(Relaxed) as usize);
    list_hits(world, bullets);
}

/// Moves the bullets of a block.
fn sweep_block(world: &World, block: usize, bullets: usize, sensed: &AtomicU32) {
    let end = ((block + 1) * BULLETS_A_BLOCK).min(bullets);
    for k in (block * BULLETS_A_BLOCK..end).step_by(LANES) {
        fly_four(world, k, end, sensed);
    }
}

/// Widens the bounds of what is listed, and the marks, by what has left its padded reach.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn widen(world: &mut World) {
    let c = world.columns;
    let (strays, knocked) = (world.kept.strays, world.count(counter::KNOCKED));
    for (count, columns) in [
        (strays, [&c.stray_x, &c.stray_y, &c.stray_z, &c.stray_reach]),
        (knocked, [&c.knocked_x, &c.knocked_y, &c.knocked_z, &c.knocked_reach]),
    ] {
        for k in 0..count {
            let [x, y, z, reach] = columns.map(|column| column.get(k));
            sweep_reach::add(world, [x, y, z], reach);
            for (axis, at) in [x, y, z].into_iter().enumerate() {
                world.grid.low[axis] = world.grid.low[axis].min(at - reach);
                world.grid.high[axis] = world.grid.high[axis].max(at + reach);
            }
        }
    }
}

/// Moves up to four bullets. They go to the ends of their paths at once, and come back from there if they hit something, unless there are planes
/// (whose distance is that of the bullet's position) or the bullets do not lie side by side in the columns.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn fly_four(world: &World, first: usize, end: usize, sensed: &AtomicU32) {
    let (c, grid) = (&world.columns, &world.grid);
    let ids: [usize; LANES] = core::array::from_fn(|lane| c.bullet_id.get((first + lane).min(end - 1)) as usize);
    let (used, e) = (lanes_below(end - first), ids[0]);
    let together = ids[LANES - 1] == e + LANES - 1;
    let load = |column: &Column<Real>| if together { column.load(e) } else { collect(column, &ids) };
    let driven = flag::DYNAMIC | flag::KINEMATIC;
    let moves = if together {
        c.live.load(e).has(driven)
    } else {
        Real4::from_array(ids.map(|e| (c.live.get(e) & driven) as Real)).gt(Real4::splat(0.0))
    };
    let (dt, half) = (Real4::splat(world.parameters.dt), Real4::splat(0.5 * world.parameters.dt));
    let radius = load(&c.radius);
    let places = [&c.position_x, &c.position_y, &c.position_z];
    let velocities = [&c.velocity_x, &c.velocity_y, &c.velocity_z];
    let accelerations = [&c.acceleration_x, &c.acceleration_y, &c.acceleration_z];
    let start = places.map(load);
    let path: [Real4; 3] = core::array::from_fn(|axis| dt * (load(velocities[axis]).keep(moves) - load(accelerations[axis]) * half));
    let ends: [Real4; 3] = core::array::from_fn(|axis| start[axis] + path[axis]);
    let low: [Real4; 3] = core::array::from_fn(|axis| start[axis].min(ends[axis]) - radius);
    let high: [Real4; 3] = core::array::from_fn(|axis| start[axis].max(ends[axis]) + radius);
    // Most shots of a battle end outside it; there the cells of the wrapped grid are those of others.
    let mut inside = used;
    for axis in 0..3 {
        inside = inside & low[axis].le(Real4::splat(grid.high[axis])) & high[axis].ge(Real4::splat(grid.low[axis]));
    }
    let landed = together && c.plane_ids.get(0) == 0;
    let mut left = used.bits();
    if landed {
        let moved = [&c.moved_x, &c.moved_y, &c.moved_z];
        for axis in 0..3 {
            places[axis].store(e, ends[axis]);
            if world.parameters.shown {
                moved[axis].store(e, ends[axis] - start[axis]);
            }
        }
        c.sweep_other.store(first, Word4::splat(0));
        left = inside.bits();
    }
    if left == 0 {
        return;
    }
    let look = Look::new(world, &low, &high);
    let rows = |v: [Real4; 3]| v.map(Real4::to_array);
    let (start, path, low, high, radius) = (rows(start), rows(path), rows(low), rows(high), radius.to_array());
    while left != 0 {
        let lane = left.trailing_zeros() as usize;
        left &= left - 1;
        let of = |v: &[[Real; LANES]; 3]| [v[0][lane], v[1][lane], v[2][lane]];
        let mut flight = Flight::new(world, ids[lane], [of(&start), of(&path)], radius[lane]);
        if inside.bits() >> lane & 1 != 0 {
            flight.scan(look.as_ref(), lane, [of(&low), of(&high)]);
        }
        flight.meet_planes();
        if !landed || flight.best.other != 0 {
            flight.land(first + lane);
        }
        flight.sensors.list(world, ids[lane], flight.best.time, sensed);
    }
}

/// Four elements from anywhere.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn collect(column: &Column<Real>, ids: &[usize; LANES]) -> Real4 {
    Real4::from_array(ids.map(|e| column.get(e)))
}

/// Lists the hits in bullet order and pushes their targets.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn list_hits(world: &mut World, bullets: usize) {
    let c = world.columns;
    let (mut hits, mut dropped) = (0, 0);
    // Few hit: four are asked at a time.
    let some = (0..bullets).step_by(LANES).filter(|k| c.sweep_other.load(*k).any());
    for k in some.flat_map(|k| k..(k + LANES).min(bullets)) {
        let other = c.sweep_other.get(k);
        if other == 0 {
            continue;
        }
        let bullet = c.bullet_id.get(k);
        let normal = [c.sweep_nx.get(k), c.sweep_ny.get(k), c.sweep_nz.get(k)];
        let impulse = c.sweep_impulse.get(k);
        let point = [c.sweep_x.get(k), c.sweep_y.get(k), c.sweep_z.get(k)];
        push(world, other as usize, scale(normal, -impulse), point);
        if hits == world.capacity.hits {
            dropped += 1;
            continue;
        }
        c.hit_bullet.set(hits, bullet);
        c.hit_other.set(hits, other);
        c.hit_x.set(hits, point[0]);
        c.hit_y.set(hits, point[1]);
        c.hit_z.set(hits, point[2]);
        c.hit_nx.set(hits, normal[0]);
        c.hit_ny.set(hits, normal[1]);
        c.hit_nz.set(hits, normal[2]);
        c.hit_impulse.set(hits, impulse);
        hits += 1;
    }
    world.set_count(counter::HITS, hits);
    world.set_count(counter::DROPPED_HITS, dropped);
}
