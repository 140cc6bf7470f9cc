//! Particles against bodies and planes: each particle's path of the step, a straight line, is met with what the broad phase holds
//! (`particle_meet`), so that nothing is tunnelled through; then the first hit of each is answered (`particle_answer`).
//!
//! The grid may be that of an earlier step (`keep`): its reaches cover where the bodies are now. A body moves in a straight line through the
//! step, ending where it is. Bullets and sensors are not met. What begins inside a sphere and goes deeper is put on its surface; what begins inside
//! another shape leaves it freely.
//!
//! A hit is kept in the extra numbers of the particle, if somebody wants to know: the body, the share of the step that was left, and the normal times
//! (1 + speed of approach). A particle that sticks keeps the body's generation instead of the share, and its place on the body as its velocity.

use super::particle_fly::PAGE_WORDS;
use super::particle_meet::{Hit, Meeting};
use super::particle_pages::Page;
use super::particle_pairs;
use super::particle_system::bit;
use crate::layout::PARTICLE_PAGE;
use crate::world::World;

/// Lets the first `count` particles of a page meet bodies; gives how many died of it.
#[inline(never)]
pub fn run(world: &World, (entry, page, s): (usize, Page, usize), count: usize) -> u32 {
    let mut meeting = Meeting::new(world, (s, page));
    let (low, high) = meeting.span(count);
    meeting.list(low, high);
    let mut first = [Hit { other: 0, time: 2.0, normal: [0.0; 3] }; PARTICLE_PAGE];
    let words = entry * PAGE_WORDS;
    let flies = |j: usize| world.columns.page_dead.get(words + j / 32) >> (j % 32) & 1 == 0 && !meeting.is_stuck(j);
    if meeting.bodies + meeting.all as usize > 0 {
        (0..count).filter(|j| flies(*j)).for_each(|j| meeting.meet_near(j, &mut first[j]));
    }
    if world.grid.bodies > 0 && meeting.flags & bit::HITS_BODIES != 0 {
        particle_pairs::each(world, (page, count), meeting.radius, |j, e| {
            let (start, path, _) = meeting.flight(j);
            meeting.meet(e, start, path, &mut first[j]);
        });
    }
    let (mut deaths, mut hits) = (0, 0);
    for w in 0..PAGE_WORDS {
        let (mut died, mut told) = (0, 0);
        for j in (32 * w..32 * w + 32).take(count.saturating_sub(32 * w)) {
            if first[j].other != 0 && flies(j) {
                let outcome = meeting.answer(s, j, first[j]);
                died |= (outcome & bit::DIES != 0) as u32 * (1 << (j % 32));
                told |= (outcome & bit::TELLS != 0) as u32 * (1 << (j % 32));
            } else if meeting.is_stuck(j) {
                meeting.carry(j);
            }
        }
        world.columns.page_dead.set(words + w, world.columns.page_dead.get(words + w) | died);
        world.columns.page_hit.set(words + w, told);
        deaths += died.count_ones();
        hits += told.count_ones();
    }
    world.columns.page_hits.set(entry, hits);
    deaths
}
