//! The last living particles of a system move into the places of its dead, lowest place first: the work is that of the deaths, and the order is the
//! same on every machine.

use super::particle_fly::PAGE_WORDS;
use super::particle_pages::{field, locate, Page};
use super::particle_plan::origin;
use super::particle_system::*;
use crate::layout::{BROOD_REALS, BROOD_WORDS, PARTICLE_EXTRAS, PARTICLE_FIELDS, PARTICLE_PAGE};
use crate::world::{counter, World};

/// Systems a claim closes the ranks of.
const SYSTEMS_A_BLOCK: usize = 4;

/// Counts the dead and fills their places.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let systems = systems(world);
    let c = &world.columns;
    let (mut alive, mut broods, mut born) = (0, 0, world.count(counter::PARTICLES_BORN));
    let mut lost = world.count(counter::DROPPED_PARTICLES);
    for s in 0..systems {
        let (list, pages) = (word_of(world, s, word::LIST), word_of(world, s, word::PAGES));
        let deaths = (list..list + pages).map(|entry| c.page_deaths.get(entry) as usize).sum();
        let births = word_of(world, s, word::BIRTHS);
        let count = word_of(world, s, word::COUNT) + births;
        set_word(world, s, word::BIRTHS, 0);
        set_word(world, s, word::BORN, word_of(world, s, word::BORN).wrapping_add(births));
        set_word(world, s, word::COUNT, count);
        set_word(world, s, word::DEATHS, deaths);
        alive += count - deaths;
        born += births;
        let offspring = word_of(world, s, word::OFFSPRING);
        if word_of(world, s, word::HEIR) != 0 && offspring > 0 {
            let heard = deaths.min(world.capacity.particle_hits - broods);
            set_word(world, s, word::ESTATE, broods);
            set_word(world, s, word::HEARD, heard);
            broods += heard;
            lost = lost.saturating_add((deaths - heard) * offspring);
        }
    }
    world.set_count(counter::BROODS, broods);
    world.set_count(counter::DROPPED_PARTICLES, lost.min(u32::MAX as usize));
    {
        let world = &*world;
        world.jobs.run(systems.div_ceil(SYSTEMS_A_BLOCK), |block| {
            for s in block * SYSTEMS_A_BLOCK..((block + 1) * SYSTEMS_A_BLOCK).min(systems) {
                close_ranks(world, s);
            }
        });
    }
    world.set_count(counter::PARTICLES, alive);
    world.set_count(counter::PARTICLES_BORN, born);
}

/// Moves the last living particles of a system into its holes.
fn close_ranks(world: &World, s: usize) {
    let deaths = word_of(world, s, word::DEATHS);
    if deaths == 0 {
        return;
    }
    let c = &world.columns;
    let count = word_of(world, s, word::COUNT);
    if word_of(world, s, word::HEIR) != 0 {
        bequeath(world, s, count);
    }
    let (alive, list) = (count - deaths, word_of(world, s, word::LIST));
    let word_at = |i: usize| (list + i / PARTICLE_PAGE) * PAGE_WORDS + i % PARTICLE_PAGE / 32;
    let extras = if s == 0 || flags_of(world, s) & bit::EXTRAS != 0 { PARTICLE_EXTRAS } else { 0 };
    let mut last = count;
    for first in (0..alive).step_by(32) {
        let mut bits = c.page_dead.get(word_at(first));
        while bits != 0 {
            let hole = first + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if hole >= alive {
                break;
            }
            last -= 1;
            while c.page_dead.get(word_at(last)) >> (last % 32) & 1 != 0 {
                last -= 1;
            }
            copy(world, locate(world, s, hole), locate(world, s, last), extras);
        }
    }
    set_word(world, s, word::COUNT, alive);
}

/// Asks for the offspring of the dead of a system where they died, in their order.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn bequeath(world: &World, s: usize, count: usize) {
    let c = &world.columns;
    let (first, heard, list) = (word_of(world, s, word::ESTATE), word_of(world, s, word::HEARD), word_of(world, s, word::LIST));
    let (heir, share) = (word_of(world, s, word::HEIR), real_of(world, s, real::HERITAGE));
    let turn: [f32; 4] = reals_of(world, heir, real::ROTATION);
    let sticks = flags_of(world, s) & bit::STICKS != 0;
    let mut told = 0;
    for i in 0..count {
        let bits = c.page_dead.get((list + i / PARTICLE_PAGE) * PAGE_WORDS + i % PARTICLE_PAGE / 32);
        if bits >> (i % 32) & 1 == 0 || told == heard {
            continue;
        }
        let (page, j) = locate(world, s, i);
        let stuck = sticks && c.particle_extra.get(page.extra(0, j)) > 0.0;
        let (word_at, real_at) = ((first + told) * BROOD_WORDS, (first + told) * BROOD_REALS);
        c.brood_word.set(word_at, heir as u32);
        c.brood_word.set(word_at + 1, word_of(world, s, word::OFFSPRING) as u32);
        for axis in 0..3 {
            let speed = if stuck { 0.0 } else { c.particle.get(page.at(field::VX + axis, j)) };
            c.brood_real.set(real_at + origin::PLACE + axis, c.particle.get(page.at(field::X + axis, j)));
            c.brood_real.set(real_at + origin::VELOCITY + axis, share * speed);
        }
        for (k, v) in turn.into_iter().enumerate() {
            c.brood_real.set(real_at + origin::TURN + k, v);
        }
        c.brood_real.set(real_at + origin::SCALE, 1.0);
        told += 1;
    }
}

#[inline(always)]
fn copy(world: &World, (to, i): (Page, usize), (from, j): (Page, usize), extras: usize) {
    let c = &world.columns;
    for field in 0..PARTICLE_FIELDS {
        c.particle.set(to.at(field, i), c.particle.get(from.at(field, j)));
    }
    for field in 0..extras {
        c.particle_extra.set(to.extra(field, i), c.particle_extra.get(from.extra(field, j)));
    }
}
