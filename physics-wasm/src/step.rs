//! The step: every stage once, in order. The page to open first.

use crate::stages::*;
use crate::wide::Real;
use crate::world::{counter, setting, World};

/// The stages, in the order they run. The same word is the stage's file, its profile field, its test and its heading in the docs.
/// `pack` runs when the renderer asks.
pub const STAGES: [&str; 14] = [
    "forces",
    "longRange",
    "integrateVelocities",
    "gather",
    "findPairs",
    "collide",
    "solve",
    "integratePositions",
    "sweep",
    "events",
    "sleep",
    "hierarchy",
    "particles",
    "pack",
];

/// Index of the stage that `pack` times.
pub const PACK: usize = 13;

/// One fixed step of `dt` seconds on up to `threads` threads, the caller included. False when a helper died inside it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn step(world: &mut World, dt: Real, threads: u32) -> bool {
    world.read_settings(dt);
    world.parameters.shown = world.columns.settings.get(setting::SHOWN) != 0.0;
    query_index::forget(world);
    world.jobs.begin(threads);
    world.start_clock();
    let bodies = world.count(counter::BODIES);
    world.timed(0, forces::run);
    // A body that left may end a contact, which has to be told; so do the contacts of the last step that moved.
    let settled = world.count(counter::AWAKE) == 0 && world.count(counter::BODIES) == bodies;
    let told = world.count(counter::WOKEN) == 0 && world.count(counter::WARM) + world.count(counter::FLOWN_BEFORE) == 0;
    world.parameters.idle = settled && told && world.count(counter::CELLS) > 0;
    world.parameters.moved = !world.parameters.idle;
    world.timed(1, long_range::run);
    if world.parameters.idle {
        rest(world);
    } else {
        world.timed(2, integrate_velocities::run);
        world.timed(3, gather::run);
        world.timed(4, find_pairs::run);
        world.timed(5, collide::run);
        world.timed(6, solve::run);
        world.timed(7, integrate_positions::run);
        world.timed(8, sweep::run);
        world.timed(9, events::run);
        world.timed(10, sleep::run);
    }
    world.timed(11, |world| hierarchy::run(world, 0.0));
    world.timed(12, particles::run);
    let complete = !world.jobs.end();
    debug_assert!(world.count(counter::CONTACTS) <= world.capacity.contacts);
    complete
}

/// Nothing moves: the stages from the kick to the events have nothing to do, and nothing to report.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn rest(world: &mut World) {
    for stage in 2..=10 {
        world.columns.profile.set(stage, 0.0);
    }
    for index in [
        counter::PAIRS,
        counter::CONTACTS,
        counter::MANIFOLDS,
        counter::COLOURS,
        counter::HITS,
        counter::SENSED,
        counter::TOUCHED,
        counter::BROKEN,
    ] {
        world.set_count(index, 0);
    }
    events::Log::default().publish(world);
}
