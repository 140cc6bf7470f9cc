//! The hits of particles that somebody wants to know, read from the extra numbers of the particles: see `particle_collide`.

use super::particle_fly::PAGE_WORDS;
use super::particle_pages::{field, Page};
use super::particle_system::*;
use crate::layout::PARTICLE_PAGE;
use crate::world::{counter, World};

/// Lists the hits of the step in the order of the pages.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn tell(world: &World, pages: usize) {
    let c = &world.columns;
    let (mut hits, mut dropped) = (0, 0);
    for entry in 0..pages {
        if c.page_hits.get(entry) == 0 {
            continue;
        }
        let (page, s) = (Page(c.page_list.get(entry) as usize), c.page_system.get(entry) as usize);
        for j in 0..PARTICLE_PAGE {
            if c.page_hit.get(entry * PAGE_WORDS + j / 32) >> (j % 32) & 1 == 0 {
                continue;
            }
            if hits == world.capacity.particle_hits {
                dropped += 1;
                continue;
            }
            write_hit(world, hits, s, (page, j));
            hits += 1;
        }
    }
    world.set_count(counter::PARTICLE_HITS, hits);
    world.set_count(counter::DROPPED_PARTICLE_HITS, dropped);
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn write_hit(world: &World, hit: usize, s: usize, (page, j): (Page, usize)) {
    let c = &world.columns;
    let own = |field: usize| c.particle.get(page.at(field, j));
    let kept = |field: usize| c.particle_extra.get(page.extra(field, j));
    let share = if flags_of(world, s) & bit::STICKS != 0 { 0.0 } else { kept(1) };
    let stretched = [kept(2), kept(3), kept(4)];
    let length = (stretched[0] * stretched[0] + stretched[1] * stretched[1] + stretched[2] * stretched[2]).sqrt();
    c.particle_hit_system.set(hit, s as u32);
    c.particle_hit_other.set(hit, kept(0) as u32);
    for (axis, column) in [&c.particle_hit_x, &c.particle_hit_y, &c.particle_hit_z].into_iter().enumerate() {
        column.set(hit, own(field::X + axis) - own(field::VX + axis) * share);
    }
    for (axis, column) in [&c.particle_hit_nx, &c.particle_hit_ny, &c.particle_hit_nz].into_iter().enumerate() {
        column.set(hit, stretched[axis] / length);
    }
    c.particle_hit_speed.set(hit, length - 1.0);
}
