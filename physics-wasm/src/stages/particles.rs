//! `particles`: systems emit, every particle moves, dead ones make room at once.
//!
//! ```text
//! emit    the built-in system: bursts and emitters, one stream of random numbers      (caller)
//! plan    how many each other system gets; pages for them                            (caller)
//! fly     births, motion, hits and deaths, page by page                               (all threads)
//! deaths  the last of a system fill the holes                                         (all threads, a system each)
//! ```
//!
//! Particles are in 32-bit floats in either precision. Five million take 36 bytes each, of which a step reads and writes 28: the speed is that of the
//! memory.

use super::particle_pages::{listed, number};
use super::particle_system::{bit, flags_of, systems, word, word_of};
use super::{particle_cells, particle_deaths, particle_emit, particle_fly, particle_forces, particle_hits, particle_plan};
use crate::layout::{PARTICLE_EXTRAS, PARTICLE_FIELDS};
use crate::world::World;

/// Pages a claim moves.
const PAGES_A_BLOCK: usize = 4;

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    particle_emit::run(world);
    particle_plan::run(world);
    particle_forces::list_sources(world);
    particle_cells::build(world);
    let pages = listed(world);
    {
        let world = &*world;
        world.jobs.run(pages.div_ceil(PAGES_A_BLOCK), |block| {
            for entry in block * PAGES_A_BLOCK..((block + 1) * PAGES_A_BLOCK).min(pages) {
                particle_fly::run(world, entry);
            }
        });
    }
    particle_hits::tell(world, pages);
    particle_deaths::run(world);
}

/// Hands every number of every particle to a hash: system by system, field by field.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn each_number(world: &World, add: &mut dyn FnMut(f32)) {
    for s in 0..systems(world) {
        let extras = if s == 0 || flags_of(world, s) & bit::EXTRAS != 0 { PARTICLE_EXTRAS } else { 0 };
        for field in 0..PARTICLE_FIELDS + extras {
            for i in 0..word_of(world, s, word::COUNT) {
                add(number(world, s, i, field));
            }
        }
    }
}
