//! `longRange`: the pull of the sources on every dynamic body, added to its acceleration: gravity and Coulomb force, softened.
//!
//! Sources are the bodies that attract while G is not zero and the charged ones while k is not zero; the others cost only as targets. All are taken
//! at the mid-point `x + v·dt/2` of the step (drift–kick–drift leapfrog). Two methods: a direct sum, and a tree (`crate::tree`).
//!
//! The factor of a pair is `1 / (r² √r²)` by square root and division: 1.25e9 pairs a second on one thread, more than the integer
//! trick with two Newton steps.

use crate::layout::BLOCK;
use crate::tree;
use crate::wide::{Mask4, Real, Real4, Vector4, Word4, LANES};
use crate::world::{counter, flag, method, tally, World};

/// Targets a block of the direct sum has when there are many sources.
const TARGETS: usize = 64;
/// Up to this many sources a block of the direct sum takes a whole block of entities.
const FEW_SOURCES: usize = 32;
/// The tree is used when `sources · targets > CROSSOVER · (sources + targets)`: from 1,200 mutual bodies on. Measured, on one thread and two, the
/// tree overtakes at 450 (box) to 800 (charges); up to twice as many the exact sum is kept.
const CROSSOVER: f64 = 600.0;

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let sources = count_sources(world);
    let chosen = choose(world, sources);
    world.set_count(counter::LONG_RANGE, chosen);
    world.set_count(counter::TREE_NODES, 0);
    if chosen == method::NONE {
        return;
    }
    let blocks = world.parameters.blocks;
    let charged = (0..blocks).any(|block| world.tally(block, tally::CHARGED) != 0);
    match (chosen, charged) {
        (method::TREE, true) => tree::run::<2>(world),
        (method::TREE, false) => tree::run::<1>(world),
        (_, true) => direct::<true>(world, sources),
        (_, false) => direct::<false>(world, sources),
    }
}

/// Adds the blocks' tallies of sources up.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn count_sources(world: &mut World) -> usize {
    let mut sources = 0;
    for block in 0..world.parameters.blocks {
        world.set_tally(block, tally::SOURCE_START, sources);
        sources += world.tally(block, tally::SOURCES);
    }
    world.set_count(counter::SOURCES, sources);
    sources
}

/// The method of this step: the one asked for, or by what the two cost.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn choose(world: &World, sources: usize) -> usize {
    let targets: usize = (0..world.parameters.blocks).map(|block| world.tally(block, tally::TARGETS)).sum();
    if sources == 0 || targets == 0 {
        return method::NONE;
    }
    match world.parameters.method {
        method::NONE => {
            let (s, t) = (sources as f64, targets as f64);
            if s * t > CROSSOVER * (s + t) {
                method::TREE
            } else {
                method::DIRECT
            }
        }
        asked => asked,
    }
}

/// Mid-points of four entities.
#[inline(always)]
pub fn middle(world: &World, i: usize) -> Vector4 {
    let c = &world.columns;
    let moving = c.live.load(i).has(flag::DYNAMIC | flag::KINEMATIC);
    let half = Real4::splat(0.5 * world.parameters.dt).keep(moving);
    Vector4::new(
        c.position_x.load(i) + c.velocity_x.load(i) * half,
        c.position_y.load(i) + c.velocity_y.load(i) * half,
        c.position_z.load(i) + c.velocity_z.load(i) * half,
    )
}

/// Lanes that are sources: those that attract while G is not zero, those that are charged while k is not zero.
#[inline(always)]
pub fn source_mask(world: &World, i: usize, live: Word4) -> Mask4 {
    let p = &world.parameters;
    let none = live.has(0);
    let attracts = if p.g != 0.0 { live.has(flag::ATTRACTS) } else { none };
    attracts | charged_mask(world, i, live)
}

/// Lanes that are sources of the Coulomb force.
#[inline(always)]
pub fn charged_mask(world: &World, i: usize, live: Word4) -> Mask4 {
    if world.parameters.k == 0.0 {
        return live.has(0);
    }
    let zero = Real4::splat(0.0);
    let charge = world.columns.charge.load(i);
    live.has(flag::BODY) & (charge.lt(zero) | charge.gt(zero))
}

/// Strengths of the source `e`: G m of one that attracts, and k c.
#[inline(always)]
pub fn strengths(world: &World, e: usize) -> (Real, Real) {
    let c = &world.columns;
    let p = &world.parameters;
    let gm = if c.live.get(e) & flag::ATTRACTS != 0 { p.g * c.mass.get(e) } else { 0.0 };
    (gm, p.k * c.charge.get(e))
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn direct<const CHARGED: bool>(world: &World, sources: usize) {
    let blocks = world.parameters.blocks;
    world.jobs.run(blocks, |block| collect_sources(world, block));
    let size = if sources > FEW_SOURCES { TARGETS } else { BLOCK };
    world.jobs.run(blocks * BLOCK / size, |block| attract::<CHARGED>(world, block * size, size, sources));
}

/// Writes the sources of one block at their mid-points, in entity order.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn collect_sources(world: &World, block: usize) {
    if world.tally(block, tally::SOURCES) == 0 {
        return;
    }
    let c = &world.columns;
    let mut at = world.tally(block, tally::SOURCE_START);
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let mask = source_mask(world, i, c.live.load(i)).bits();
        if mask == 0 {
            continue;
        }
        let position = middle(world, i);
        let (x, y, z) = (position.x.to_array(), position.y.to_array(), position.z.to_array());
        for lane in (0..LANES).filter(|lane| mask & (1 << lane) != 0) {
            let (gm, kc) = strengths(world, i + lane);
            c.source_x.set(at, x[lane]);
            c.source_y.set(at, y[lane]);
            c.source_z.set(at, z[lane]);
            c.source_gm.set(at, gm);
            c.source_kc.set(at, kc);
            at += 1;
        }
    }
}

/// Adds the pull of every source to the dynamic bodies among `count` entities from `start`, eight targets at a time.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn attract<const CHARGED: bool>(world: &World, start: usize, count: usize, sources: usize) {
    let c = &world.columns;
    for i in (start..start + count).step_by(2 * LANES) {
        let dynamic = [c.live.load(i).has(flag::DYNAMIC), c.live.load(i + LANES).has(flag::DYNAMIC)];
        if !(dynamic[0] | dynamic[1]).any() {
            continue;
        }
        let target = [middle(world, i), middle(world, i + LANES)];
        let per_mass = [i, i + LANES].map(|i| if CHARGED { c.charge.load(i) / c.mass.load(i) } else { Real4::splat(0.0) });
        let sum = pull::<CHARGED>(world, &target, &per_mass, sources);
        for (half, i) in [i, i + LANES].into_iter().enumerate() {
            let mask = dynamic[half];
            c.acceleration_x.store(i, c.acceleration_x.load(i) + sum[half].x.keep(mask));
            c.acceleration_y.store(i, c.acceleration_y.load(i) + sum[half].y.keep(mask));
            c.acceleration_z.store(i, c.acceleration_z.load(i) + sum[half].z.keep(mask));
        }
    }
}

/// Acceleration of eight targets by all sources: Σ (G m − k c · c_target / m_target) d / (d² + ε²)^{3/2}.
#[inline(always)]
fn pull<const CHARGED: bool>(world: &World, target: &[Vector4; 2], per_mass: &[Real4; 2], sources: usize) -> [Vector4; 2] {
    let c = &world.columns;
    let softening2 = Real4::splat(world.parameters.softening2);
    let near = Real4::splat(world.parameters.min_distance2);
    let one = Real4::splat(1.0);
    let mut sum = [Vector4::zero(); 2];
    for s in 0..sources {
        let source = Vector4::splat([c.source_x.get(s), c.source_y.get(s), c.source_z.get(s)]);
        let gm = Real4::splat(c.source_gm.get(s));
        let kc = Real4::splat(if CHARGED { c.source_kc.get(s) } else { 0.0 });
        for half in 0..2 {
            let d = source - target[half];
            let distance2 = d.dot(d);
            let r2 = distance2 + softening2;
            let factor = if CHARGED { gm - kc * per_mass[half] } else { gm };
            let pull = (factor * (one / (r2 * r2.sqrt()))).keep(distance2.ge(near));
            sum[half] = sum[half] + d.scale(pull);
        }
    }
    sum
}
