//! The pool of particles: pages of 256, each of one system. A system's particles are dense: number i is in the system's page i / 256.
//!
//! ```text
//! particle      │ page: x × 256, y × 256, … size × 256 │ page … │        9 KB a page: one stretch of memory for whoever moves it
//! page_list     │ pages of system 0 │ of system 1 │ …              page_system: whose each is
//! page_free     │ pages given back, last in first out │            pages beyond `PARTICLE_PAGES` have never been taken
//! ```
//!
//! The list is made anew when a system needs more pages or fewer, once a step: 20,000 pages take some 20 µs. Which page a system gets depends
//! on nothing but the counts of the systems.

use super::particle_system::{set_word, systems, word, word_of};
use crate::layout::{PARTICLE_EXTRAS, PARTICLE_FIELDS, PARTICLE_PAGE};
use crate::world::{counter, World};

/// Numbers of a particle.
#[allow(missing_docs)]
pub mod field {
    pub const X: usize = 0;
    pub const VX: usize = 3;
    /// Seconds left.
    pub const LEFT: usize = 6;
    /// 1 / life.
    pub const RATE: usize = 7;
    pub const SIZE: usize = 8;
}

/// Numbers that only some have.
#[allow(missing_docs)]
pub mod extra {
    /// Of the built-in system: 1/s, share, colour.
    pub const DRAG: usize = 0;
    pub const GRAVITY: usize = 1;
    pub const COLOUR: usize = 2;
}

/// One page.
#[derive(Clone, Copy)]
pub struct Page(pub usize);

impl Page {
    /// Place of number `field` of its particle `j`.
    #[inline(always)]
    pub fn at(self, field: usize, j: usize) -> usize {
        (self.0 * PARTICLE_FIELDS + field) * PARTICLE_PAGE + j
    }
    /// Place of extra number `field` of its particle `j`.
    #[inline(always)]
    pub fn extra(self, field: usize, j: usize) -> usize {
        (self.0 * PARTICLE_EXTRAS + field) * PARTICLE_PAGE + j
    }
}

/// The page of particle `i` of a system, and its place in it.
#[inline(always)]
pub fn locate(world: &World, system: usize, i: usize) -> (Page, usize) {
    let entry = word_of(world, system, word::LIST) + i / PARTICLE_PAGE;
    (Page(world.columns.page_list.get(entry) as usize), i % PARTICLE_PAGE)
}

/// Number `field` of particle `i` of a system; the extra ones follow the others.
#[inline(always)]
pub fn number(world: &World, system: usize, i: usize, field: usize) -> f32 {
    let (page, j) = locate(world, system, i);
    match field.checked_sub(PARTICLE_FIELDS) {
        None => world.columns.particle.get(page.at(field, j)),
        Some(extra) => world.columns.particle_extra.get(page.extra(extra, j)),
    }
}

/// Entries of the list of pages.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn listed(world: &World) -> usize {
    let last = systems(world) - 1;
    word_of(world, last, word::LIST) + word_of(world, last, word::PAGES)
}

#[inline(always)]
fn needed(world: &World, system: usize) -> usize {
    word_of(world, system, word::RESERVE).div_ceil(PARTICLE_PAGE)
}

/// Gives every system the pages that it needs, and takes back what it does not.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn fit(world: &World) {
    let systems = systems(world);
    let mut start = 0;
    let mut fits = true;
    for s in 0..systems {
        fits &= needed(world, s) == word_of(world, s, word::PAGES) && word_of(world, s, word::LIST) == start;
        start += needed(world, s);
    }
    if fits {
        return;
    }
    let c = &world.columns;
    let mut free = world.count(counter::FREE_PAGES);
    // What is beyond the slots in use was given up with its last particle.
    for s in 0..world.capacity.systems {
        let (list, pages) = (word_of(world, s, word::LIST), word_of(world, s, word::PAGES));
        let keeps = if s < systems { needed(world, s).min(pages) } else { 0 };
        for k in keeps..pages {
            c.page_free.set(free, c.page_list.get(list + k));
            free += 1;
        }
        if s >= systems {
            set_word(world, s, word::PAGES, 0);
        }
    }
    let mut taken = world.count(counter::PARTICLE_PAGES);
    let mut at = 0;
    for s in 0..systems {
        let (list, pages, wants) = (word_of(world, s, word::LIST), word_of(world, s, word::PAGES), needed(world, s));
        set_word(world, s, word::LIST, at);
        for k in 0..wants {
            let page = if k < pages {
                c.page_list.get(list + k)
            } else if free > 0 {
                free -= 1;
                c.page_free.get(free)
            } else {
                taken += 1;
                taken as u32 - 1
            };
            c.page_spare.set(at, page);
            c.page_system.set(at, s as u32);
            at += 1;
        }
        set_word(world, s, word::PAGES, wants);
    }
    for entry in 0..at {
        c.page_list.set(entry, c.page_spare.get(entry));
    }
    world.set_count(counter::FREE_PAGES, free);
    world.set_count(counter::PARTICLE_PAGES, taken);
}
