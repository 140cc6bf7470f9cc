//! Pairs that last: a list of pairs is made for bodies with padded reaches, and stands as long as every body stays inside the padded reach
//! that it was listed with. (Verlet's list with a skin; Rapier and Jolt fatten the boxes of their trees likewise.)
//!
//! The pad is what a body covers in `span` more steps at its own speed, or at 1.5 times the mean speed if that is more: what is slow may be
//! hit. The span is the one that makes the step cheapest: where pads would fill the list with pairs that never meet, there are none, and the
//! list is made in every step. The same where lists break early, as in a game that adds bodies all the time.
//!
//! `integrateVelocities` compares each body with what it was listed as and tallies blocks that have `STRAYED`; `gather` then decides.
//! A few free spheres that have left their pads, hit by something fast, do not break the list: what they meet beyond it is searched in each step.
//! Joints are asked for each pair in each step (`collide`) and break nothing. Bullets are in no list.

use super::integrate_velocities::{half_octave, MARGIN};
use super::plane;
use crate::layout::{BLOCK, MAX_PLANES, MAX_STRAYS, OCTAVES};
use crate::wide::{Mask4, Real, Real4, Vector4, Word4, LANES};
use crate::world::{counter, flag, tally, World};

/// Pad at most this share of the mean radius.
const WIDEST: Real = 1.0;
/// Time, ns, of listing a sphere, a shape, and of looking at a listed pair.
const LIST_SPHERE: Real = 90.0;
const LIST_SHAPE: Real = 250.0;
const PAIR: Real = 50.0;
/// What a bullet costs by what its path may meet, ns.
const SWEEP: Real = 12.0;
/// Steps that a pad covers at most.
const LONGEST: Real = 8.0;
/// The least speed that is allowed for, as a multiple of the mean.
const RESERVE: Real = 1.5;
/// Lists that break at once, one after the other, before padding is given up for a while …
const PATIENCE: u32 = 2;
/// … namely for this many lists.
const PAUSE: u32 = 30;
/// Tests of bullets against strays before a new list is cheaper.
const MOST_MEETINGS: usize = 300_000;
/// What a list depends on.
const RELEVANT: u32 =
    flag::BODY | flag::DYNAMIC | flag::KINEMATIC | flag::SENSOR | flag::PLANE | flag::SHAPED | flag::ASLEEP | flag::JOINTED | flag::MOVES;

/// The list in use. Lasts from step to step.
#[derive(Clone, Copy, Default)]
pub struct Kept {
    /// Whether there is one.
    pub valid: bool,
    /// Whether it has been made in this world: one that was restored has not, until a step wants it.
    pub made: bool,
    /// Bodies that have left their padded reach.
    pub strays: usize,
    /// Its pages and its pairs.
    pub pages: usize,
    /// Its pairs.
    pub pairs: usize,
    /// Blocks of entities that it is of.
    pub(super) blocks: usize,
    /// Steps that it served.
    pub(super) age: u32,
    /// Steps beyond the first that its pads were made for.
    pub(super) span: Real,
    /// Lists that broke at once, in a row.
    pub(super) broken: u32,
    /// Lists to come without pads.
    pub(super) pause: u32,
}

/// What a body is for the list: nothing, if it is a bullet or takes no part.
#[inline(always)]
fn listed(live: Word4) -> Word4 {
    let bodies = live.has(flag::BODY).without(live.has(flag::BULLET));
    (live & Word4::splat(RELEVANT)).keep(bodies)
}

/// Lanes whose body is no longer what the list holds, and lanes whose body has only left its padded reach.
#[inline(always)]
pub fn compare(world: &World, i: usize, live: Word4, reach: Real4) -> [Mask4; 2] {
    let c = &world.columns;
    let now = listed(live);
    let all = Word4::splat(u32::MAX).has(1);
    let position = Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i));
    let d = position - Vector4::new(c.kept_x.load(i), c.kept_y.load(i), c.kept_z.load(i));
    let gap = c.kept_reach.load(i) - reach;
    let inside = (d.dot(d) * Real4::splat(1.0002)).le(gap * gap) & gap.ge(Real4::splat(0.0));
    let outside = now.has(u32::MAX).without(inside);
    // A free sphere is looked after one by one (`find_pairs`), anything else wants a new list.
    let alone = outside.without(now.has(flag::SHAPED | flag::PLANE)) & now.has(flag::DYNAMIC);
    let alike = now.eq(c.kept_live.load(i)) & c.group.load(i).eq(c.kept_group.load(i)) & c.mask.load(i).eq(c.kept_mask.load(i));
    [all.without(alike) | outside.without(alone), alone]
}

/// Whether a shape's box has left the padded one.
pub fn box_strayed(world: &World, e: usize) -> bool {
    let c = &world.columns;
    let axes = [
        [&c.position_x, &c.kept_x, &c.extent_x, &c.kept_extent_x],
        [&c.position_y, &c.kept_y, &c.extent_y, &c.kept_extent_y],
        [&c.position_z, &c.kept_z, &c.extent_z, &c.kept_extent_z],
    ];
    axes.into_iter().any(|[now, then, extent, kept]| {
        let inside = (now.get(e) - then.get(e)).abs() <= kept.get(e) - extent.get(e);
        !inside
    })
}

/// Whether the list of an earlier step still stands. If not, the pads of the next one are chosen.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn stands(world: &mut World) -> bool {
    let blocks = world.parameters.blocks;
    let strayed = (0..blocks).any(|block| world.tally(block, tally::STRAYED) != 0);
    world.kept.strays = 0;
    if world.kept.valid && world.kept.blocks == blocks && !strayed && planes_stand(world) && list_strays(world) {
        world.kept.age += 1;
        if !world.kept.made {
            world.kept.made = true;
            super::state::list_again(world);
        }
        return true;
    }
    let wide = span(world);
    let kept = &mut world.kept;
    if kept.valid && kept.span > 0.0 {
        kept.broken = if kept.age == 0 { kept.broken + 1 } else { 0 };
    }
    kept.pause = kept.pause.saturating_sub(1);
    if kept.broken >= PATIENCE {
        (kept.broken, kept.pause) = (PATIENCE - 1, PAUSE);
    }
    kept.age = 0;
    (kept.valid, kept.made) = (true, true);
    kept.blocks = blocks;
    kept.span = if kept.pause > 0 { 0.0 } else { wide };
    false
}

/// Lists the strays in entity order; false when they are too many: bullets meet each of them, and they meet one another.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn list_strays(world: &mut World) -> bool {
    let blocks = world.parameters.blocks;
    let strays: usize = (0..blocks).map(|block| world.tally(block, tally::STRAYS)).sum();
    let bullets = world.count(counter::BULLETS);
    if strays > MAX_STRAYS.min(world.acting() / 128 + 2) || strays * bullets > MOST_MEETINGS {
        return false;
    }
    let c = world.columns;
    let mut place = 0;
    for block in (0..blocks).filter(|block| world.tally(*block, tally::STRAYS) != 0) {
        for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
            let mut bits = c.live.load(i).has(flag::STRAY).bits();
            while bits != 0 {
                let e = i + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                c.stray_id.set(place, e as u32);
                c.stray_x.set(place, c.position_x.get(e));
                c.stray_y.set(place, c.position_y.get(e));
                c.stray_z.set(place, c.position_z.get(e));
                c.stray_reach.set(place, c.reach.get(e));
                place += 1;
            }
        }
    }
    world.kept.strays = place;
    true
}

/// Whether the reaches of two bodies overlapped when the list was made; the same sums as those of the search.
pub fn met(world: &World, i: usize, j: usize) -> bool {
    let c = &world.columns;
    let d = [&c.kept_x, &c.kept_y, &c.kept_z].map(|column| column.get(j) - column.get(i));
    let sum = c.kept_reach.get(i) + c.kept_reach.get(j);
    d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < sum * sum
}

/// Makes lists without pads for a while: there was no room for the pairs of a padded one.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn give_up(world: &mut World) -> bool {
    let padded = world.kept.span > 0.0;
    world.kept.span = 0.0;
    world.kept.pause = PAUSE;
    padded
}

/// The speed to allow for, m/s, and the mean radius.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn typical(world: &World) -> (Real, Real) {
    let (mut speed, mut radius, mut movers) = (0.0, 0.0, 0);
    for block in 0..world.parameters.blocks {
        speed += f32::from_bits(world.tally(block, tally::SPEED) as u32) as Real;
        radius += f32::from_bits(world.tally(block, tally::RADIUS) as u32) as Real;
        movers += world.tally(block, tally::MOVERS);
    }
    let count = movers.max(1) as Real;
    (RESERVE * speed / count, radius / count)
}

/// The span that makes the step cheapest: a list costs by bodies and is shared by the steps it serves, its pairs cost in each of them, and are
/// as many as the padded spheres are large.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn span(world: &World) -> Real {
    let (speed, radius) = typical(world);
    let step = speed * world.parameters.dt;
    let size = |span: Real| {
        let r = radius + step * (1.0 + span);
        r * r * r
    };
    if step <= 0.0 || !world.kept.valid {
        return if step > 0.0 { 0.0 } else { LONGEST };
    }
    let dense = (world.kept.pairs as Real).max(1.0) / size(world.kept.span);
    let bodies = world.acting() as Real * if world.parameters.framed { LIST_SHAPE } else { LIST_SPHERE };
    let bullets = world.count(counter::BULLETS) as Real;
    let width = |span: Real| (radius + step * (1.0 + span)) / radius;
    let cost = |span: Real| bodies / (span + 1.0) + PAIR * dense * size(span) + SWEEP * bullets * width(span) * width(span);
    let mut best = 0.0;
    for k in 1..=LONGEST as u32 {
        let span = k as Real;
        if radius * WIDEST > step * span && cost(span) < cost(best) {
            best = span;
        }
    }
    best
}

/// Planes are listed by their surface, so that it must not turn; where they are is compared with all others.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn planes_stand(world: &World) -> bool {
    let c = &world.columns;
    (0..MAX_PLANES).all(|slot| {
        let plane = c.plane_ids.get(slot) as usize;
        plane == 0 || plane::normal(world, plane).into_iter().enumerate().all(|(k, v)| v == c.kept_normal.get(3 * slot + k))
    })
}

/// Notes what each body is listed as: where it is, its padded reach; and samples reaches and extents for the choice of the cells.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn pad_all(world: &mut World) {
    let (speed, _) = typical(world);
    let c = world.columns;
    for slot in 0..MAX_PLANES {
        match c.plane_ids.get(slot) as usize {
            0 => break,
            plane => plane::normal(world, plane).into_iter().enumerate().for_each(|(k, v)| c.kept_normal.set(3 * slot + k, v)),
        }
    }
    let world = &*world;
    world.jobs.run(world.parameters.blocks, |block| pad(world, block, speed));
}

fn pad(world: &World, block: usize, speed: Real) {
    let c = &world.columns;
    let octaves = block * 4 * OCTAVES;
    c.octaves.fill(octaves, 4 * OCTAVES, 0);
    let (dt, span) = (Real4::splat(world.parameters.dt), Real4::splat(world.kept.span));
    let least = Real4::splat(speed) * dt;
    let framed = world.tally(block, tally::FRAMED) != 0;
    let far = Real4::splat(Real::INFINITY);
    let (mut low, mut high) = ([far; 3], [-far; 3]);
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        c.kept_live.store(i, listed(live));
        c.kept_group.store(i, c.group.load(i));
        c.kept_mask.store(i, c.mask.load(i));
        if !live.any() {
            continue;
        }
        c.kept_x.store(i, c.position_x.load(i));
        c.kept_y.store(i, c.position_y.load(i));
        c.kept_z.store(i, c.position_z.load(i));
        let reach = c.reach.load(i);
        let moves = live.has(flag::DYNAMIC | flag::KINEMATIC).without(live.has(flag::PLANE));
        let moved = reach - c.radius.load(i) * Real4::splat(1.0 + MARGIN);
        // What is fast wants some room too, or its pad would be used up exactly.
        let pad = ((moved + least * Real4::splat(0.25)).max(least) * span).keep(moves);
        c.kept_reach.store(i, reach + pad);
        let solid = live.has(flag::BODY).without(live.has(flag::BULLET | flag::PLANE));
        for (axis, column) in [&c.position_x, &c.position_y, &c.position_z].into_iter().enumerate() {
            let (at, reach) = (column.load(i), reach + pad);
            low[axis] = low[axis].min(solid.select(at - reach, far));
            high[axis] = high[axis].max(solid.select(at + reach, -far));
        }
        if framed && live.has(flag::SHAPED).any() {
            for (extent, kept) in [(&c.extent_x, &c.kept_extent_x), (&c.extent_y, &c.kept_extent_y), (&c.extent_z, &c.kept_extent_z)] {
                kept.store(i, extent.load(i) + pad);
            }
        }
        sample(world, octaves, i);
    }
    for axis in 0..3 {
        let least = low[axis].to_array().into_iter().fold(Real::INFINITY, Real::min);
        let most = high[axis].to_array().into_iter().fold(-Real::INFINITY, Real::max);
        c.kept_bounds.set(6 * block + axis, least);
        c.kept_bounds.set(6 * block + 3 + axis, most);
    }
}

/// Low and high corner of all padded reaches: what flies outside meets nothing that is listed.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn bounds(world: &World) -> [[Real; 3]; 2] {
    let kept = &world.columns.kept_bounds;
    let blocks = 0..world.parameters.blocks;
    let least = |axis: usize| blocks.clone().fold(Real::INFINITY, |low, block| low.min(kept.get(6 * block + axis)));
    let most = |axis: usize| blocks.clone().fold(-Real::INFINITY, |high, block| high.max(kept.get(6 * block + 3 + axis)));
    [core::array::from_fn(least), core::array::from_fn(most)]
}

/// Tallies one body of the four, its lane moving with the index so that no regular scene hides a kind.
#[inline(always)]
fn sample(world: &World, octaves: usize, i: usize) {
    let c = &world.columns;
    let e = i + (i / LANES + i / (4 * LANES)) % LANES;
    let flags = c.live.get(e);
    if flags & flag::BODY == 0 || flags & (flag::BULLET | flag::PLANE) != 0 {
        return;
    }
    let bump = |table: usize, octave: usize| {
        let at = octaves + table * OCTAVES + octave;
        c.octaves.set(at, c.octaves.get(at) + 1);
    };
    bump(0, half_octave(c.kept_reach.get(e)));
    bump(1, half_octave(c.position_x.get(e)));
    bump(2, half_octave(c.position_y.get(e)));
    bump(3, half_octave(c.position_z.get(e)));
}

/// Counts bullets and the quarantined, and lists the bullets in entity order.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn list_bullets(world: &mut World) {
    let (mut bullets, mut quarantined) = (0, 0);
    let blocks = world.parameters.blocks;
    for block in 0..blocks {
        world.set_tally(block, tally::BULLET_START, bullets);
        bullets += world.tally(block, tally::BULLETS);
        quarantined += world.tally(block, tally::QUARANTINED);
    }
    world.set_count(counter::BULLETS, bullets);
    world.set_count(counter::QUARANTINED, quarantined);
    if bullets == 0 {
        return;
    }
    let world = &*world;
    let c = &world.columns;
    world.jobs.run(blocks, |block| {
        let mut place = world.tally(block, tally::BULLET_START);
        if world.tally(block, tally::BULLETS) == 0 {
            return;
        }
        for e in block * BLOCK..(block + 1) * BLOCK {
            if c.live.get(e) & flag::BULLET != 0 {
                c.bullet_id.set(place, e as u32);
                place += 1;
            }
        }
    });
}
