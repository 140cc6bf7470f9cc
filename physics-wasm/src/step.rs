//! The step: every stage once, in order. The page to open first.

use crate::stages::*;
use crate::wide::Real;
use crate::world::{counter, World};

/// The stages, in the order they run. The same word is the stage's file, its profile field, its test and its heading in the docs.
/// `pack` runs when the renderer asks.
pub const STAGES: [&str; 11] = [
    "forces",
    "longRange",
    "integrateVelocities",
    "gather",
    "findPairs",
    "collide",
    "solve",
    "integratePositions",
    "sweep",
    "particles",
    "pack",
];

/// Index of the stage that `pack` times.
pub const PACK: usize = 10;

/// One fixed step of `dt` seconds on up to `threads` threads, the caller included. False when a helper died inside it.
pub fn step(world: &mut World, dt: Real, threads: u32) -> bool {
    world.read_settings(dt);
    world.jobs.begin(threads);
    world.start_clock();
    world.timed(0, forces::run);
    world.timed(1, long_range::run);
    world.timed(2, integrate_velocities::run);
    world.timed(3, gather::run);
    world.timed(4, find_pairs::run);
    world.timed(5, collide::run);
    world.timed(6, solve::run);
    world.timed(7, integrate_positions::run);
    world.timed(8, sweep::run);
    world.timed(9, particles::run);
    let complete = !world.jobs.end();
    debug_assert!(world.count(counter::CONTACTS) <= world.capacity.contacts);
    complete
}
