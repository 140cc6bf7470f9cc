//! What the GPU draws of the particles: system by system, eight floats each: x, y, z, size | red, green, blue, alpha.
//!
//! Sizes and colours over life are curves of 16 samples in the system's record. Those of the built-in system have a colour of their own and
//! fade evenly.

use super::particle_fly::PAGE_WORDS;
use super::particle_pages::{extra, field, listed, Page};
use super::particle_plan::share;
use super::particle_system::*;
use crate::layout::{PARTICLE_STRIDE, SYSTEM_REALS};
use crate::wide::{Float4, Real, Real4, LANES};
use crate::world::World;

/// Pages a claim packs.
const PAGES_A_BLOCK: usize = 4;
/// Where the last sample's interval ends, just below.
const LAST: f32 = (SAMPLES - 1) as f32 * (1.0 - f32::EPSILON);

/// Finds where each system's instances begin; gives the number of blocks of the work.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn place(world: &World) -> usize {
    let mut start = 0;
    for s in 0..systems(world) {
        let count = word_of(world, s, word::COUNT);
        set_word(world, s, word::INSTANCE, start);
        set_word(world, s, word::INSTANCES, count);
        start += count;
    }
    listed(world).div_ceil(PAGES_A_BLOCK)
}

/// Packs the pages of a block.
pub fn write(world: &World, block: usize, origin: [Real; 3], behind: Real) {
    for entry in block * PAGES_A_BLOCK..((block + 1) * PAGES_A_BLOCK).min(listed(world)) {
        write_page(world, entry, origin, behind as f32);
    }
}

fn write_page(world: &World, entry: usize, origin: [Real; 3], behind: f32) {
    let c = &world.columns;
    let (page, s) = (Page(c.page_list.get(entry) as usize), c.page_system.get(entry) as usize);
    let k = entry - word_of(world, s, word::LIST);
    let (count, _) = share(world, s, k);
    let start = word_of(world, s, word::INSTANCE) + k * 32 * PAGE_WORDS;
    let behind = Float4::splat(behind);
    let relative = |place: Float4, axis: usize| (Real4::widen(place) - Real4::splat(origin[axis])).narrow();
    let number = |field: usize, i: usize| c.particle.load(page.at(field, i));
    let sticks = flags_of(world, s) & bit::STICKS != 0;
    for i in (0..count).step_by(LANES) {
        let mut behind = behind;
        if sticks {
            // Where others have their velocity it has its place on the body.
            behind = behind.keep(c.particle_extra.load(page.extra(0, i)).le(Float4::splat(0.0)));
        }
        let at = |axis: usize| relative(number(field::X + axis, i), axis) - number(field::VX + axis, i) * behind;
        let fade = (number(field::LEFT, i) * number(field::RATE, i)).min(Float4::splat(1.0)).max(Float4::splat(0.0));
        let mut size = number(field::SIZE, i);
        let colours = if s == 0 {
            let colour = |channel: usize| c.particle_extra.load(page.extra(extra::COLOUR + channel, i));
            Float4::transpose([colour(0), colour(1), colour(2), fade])
        } else {
            bloom(world, s, fade, &mut size)
        };
        let places = Float4::transpose([at(0), at(1), at(2), size]);
        for lane in 0..LANES.min(count - i) {
            c.particle_instances.store((start + i + lane) * PARTICLE_STRIDE, places[lane]);
            c.particle_instances.store((start + i + lane) * PARTICLE_STRIDE + 4, colours[lane]);
        }
    }
}

/// Colours of four particles by their age, and their sizes in place.
#[inline(always)]
fn bloom(world: &World, s: usize, fade: Float4, size: &mut Float4) -> [Float4; LANES] {
    let base = s * SYSTEM_REALS;
    let c = &world.columns;
    let ages = (Float4::splat(1.0) - fade) * Float4::splat(LAST);
    let samples = ages.to_array().map(|age| (age as usize).min(SAMPLES - 2));
    let parts = ages - Float4::from_array(samples.map(|sample| sample as f32));
    let growth = |next: usize| Float4::from_array(samples.map(|sample| c.system_real.get(base + real::GROWTH + sample + next)));
    let before = growth(0);
    *size = *size * (before + (growth(1) - before) * parts);
    let parts = parts.to_array();
    core::array::from_fn(|lane| {
        let row = base + real::COLOUR + 4 * samples[lane];
        let (before, after) = (c.system_real.load(row), c.system_real.load(row + 4));
        before + (after - before) * Float4::splat(parts[lane])
    })
}
