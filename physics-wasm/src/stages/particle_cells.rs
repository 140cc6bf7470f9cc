//! For particles that meet many bodies: each cell of the grid with all bodies whose reach touches it, so that a particle looks into the cells of its
//! own path alone, mostly one, instead of a neighbourhood with five times as many bodies.
//!
//! Made when some system collides and its particles are a quarter of the bodies or more; lasts as long as the grid. Chunks of layers count and
//! fill their own cells from the bodies in and beside them.

use super::particle_system::*;
use crate::world::{counter, World};

/// Chunks of layers at most.
const CHUNKS: usize = 16;
/// Entries a body has room for: its reach is half a cell at most, so it touches two along each axis.
pub const ENTRIES: usize = 8;

/// Counts the particles that meet bodies, and makes the table where it pays.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(world: &mut World) {
    let particles: usize =
        (1..systems(world)).filter(|s| flags_of(world, *s) & bit::HITS_BODIES != 0).map(|s| word_of(world, s, word::RESERVE)).sum();
    world.set_count(counter::PARTICLES_MEETING, particles);
    if world.grid.bodies == 0 || world.grid.listed || 4 * particles < world.grid.bodies {
        return;
    }
    let layers = world.grid.cells(2) as usize;
    let chunks = layers.min(CHUNKS);
    let layer = 1usize << (world.grid.bits[0] + world.grid.bits[1]);
    let size = layers / chunks * layer;
    let fits = {
        let world = &*world;
        let c = &world.columns;
        world.jobs.run(chunks, |chunk| {
            c.touch_end.fill(chunk * size, size, 0);
            each(world, chunk * size..(chunk + 1) * size, layer, |key, _| c.touch_end.set(key, c.touch_end.get(key) + 1));
        });
        let mut sums = [0usize; CHUNKS + 1];
        for chunk in 0..chunks {
            let sum: usize = (chunk * size..(chunk + 1) * size).map(|key| c.touch_end.get(key) as usize).sum();
            sums[chunk + 1] = sums[chunk] + sum;
        }
        let fits = sums[chunks] + 2 <= c.touch.len();
        world.jobs.run(if fits { chunks } else { 0 }, |chunk| {
            let mut start = sums[chunk] as u32;
            for key in chunk * size..(chunk + 1) * size {
                let count = c.touch_end.get(key);
                c.touch_end.set(key, start);
                start += count;
            }
            // What was the start of a cell becomes its end.
            each(world, chunk * size..(chunk + 1) * size, layer, |key, body| {
                let at = c.touch_end.get(key);
                c.touch.set(at as usize, body as u32);
                c.touch_end.set(key, at + 1);
            });
        });
        fits
    };
    world.grid.listed = fits;
}

/// Visits the cells of a chunk that bodies touch: key, and place of the body in the sorted list.
#[inline(always)]
fn each(world: &World, keys: core::ops::Range<usize>, layer: usize, mut visit: impl FnMut(usize, usize)) {
    let (c, grid) = (&world.columns, &world.grid);
    let all = layer << grid.bits[2];
    // The layers before and behind the chunk, round the torus, and its own.
    let before = (keys.start + all - layer) % all;
    let behind = keys.end % all;
    for first in [before..before + layer, keys.clone(), behind..behind + layer] {
        for k in c.cell_start.get(first.start) as usize..c.cell_start.get(first.end) as usize {
            let (place, reach) = ([c.sorted_x.get(k), c.sorted_y.get(k), c.sorted_z.get(k)], c.sorted_reach.get(k));
            let span = |axis: usize| grid.coordinate(place[axis] - reach)..=grid.coordinate(place[axis] + reach);
            for z in span(2) {
                if !keys.contains(&(grid.row(0, z) as usize)) {
                    continue;
                }
                for y in span(1) {
                    let row = grid.row(y, z) as usize;
                    for x in span(0) {
                        visit(row + (x & (grid.cells(0) - 1)) as usize, k);
                    }
                }
            }
        }
    }
}

/// Bodies that touch the cell of a key: a range of `touch`.
#[inline(always)]
pub fn touching(world: &World, key: usize) -> (usize, usize) {
    let end = &world.columns.touch_end;
    let start = if key == 0 { 0 } else { end.get(key - 1) };
    (start as usize, end.get(key) as usize)
}
