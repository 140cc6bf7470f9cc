//! Motion of the particles of a page: v ← v/(1 + dt·drag) + dt·a, x += dt·v, and a bit for each that died.

use super::particle_forces::Field;
use super::particle_pages::{extra, field, Page};
use super::particle_plan::share;
use super::particle_system::*;
use super::{particle_births, particle_collide};
use crate::layout::PARTICLE_PAGE;
use crate::wide::{Float4, LANES};
use crate::world::World;

/// Words of a page's bits.
pub const PAGE_WORDS: usize = PARTICLE_PAGE / 32;

/// Births, motion and deaths of the page at `entry` of the list.
pub fn run(world: &World, entry: usize) {
    let c = &world.columns;
    let (page, s) = (Page(c.page_list.get(entry) as usize), c.page_system.get(entry) as usize);
    let k = entry - word_of(world, s, word::LIST);
    let (all, old) = share(world, s, k);
    if old < all {
        particle_births::fill(world, s, page, k, (old, all));
    }
    let dt = world.parameters.dt as f32;
    let step = Float4::splat(dt);
    let gravity = world.parameters.gravity.map(|g| g as f32 * dt);
    let flags = flags_of(world, s);
    let mut deaths = if s == 0 {
        let one = Float4::splat(1.0);
        let gravity = gravity.map(Float4::splat);
        each_four(world, (entry, all), |i| {
            let damping = one / (one + step * c.particle_extra.load(page.extra(extra::DRAG, i)));
            let pull = c.particle_extra.load(page.extra(extra::GRAVITY, i));
            go(world, page, i, step, |axis, v| v * damping + pull * gravity[axis])
        })
    } else {
        let damping = Float4::splat(1.0 / (1.0 + dt * real_of(world, s, real::DRAG)));
        let gravity = gravity.map(|g| Float4::splat(g * real_of(world, s, real::GRAVITY)));
        if flags & (bit::TURBULENT | bit::ATTRACTED | bit::STICKS) == 0 {
            each_four(world, (entry, all), |i| go(world, page, i, step, |axis, v| v * damping + gravity[axis]))
        } else {
            let field = Field::of(world, s);
            let (sticks, zero) = (flags & bit::STICKS != 0, Float4::splat(0.0));
            each_four(world, (entry, all), |i| {
                let push = field.at(core::array::from_fn(|axis| c.particle.load(page.at(field::X + axis, i))));
                // What sticks keeps its place on the body where others have their velocity.
                let stuck = if sticks { c.particle_extra.load(page.extra(0, i)) } else { zero }.gt(zero);
                go(world, page, i, step, |axis, v| stuck.select(v, v * damping + gravity[axis] + push[axis] * step))
            })
        }
    };
    c.page_hits.set(entry, 0);
    if flags & bit::HITS != 0 {
        deaths += particle_collide::run(world, (entry, page, s), all);
    }
    c.page_deaths.set(entry, deaths);
}

/// Moves four particles by the velocity that `change` makes of theirs, and gives the bits of the dead.
#[inline(always)]
fn go(world: &World, page: Page, i: usize, dt: Float4, change: impl Fn(usize, Float4) -> Float4) -> u32 {
    let particle = &world.columns.particle;
    for axis in 0..3 {
        let (place, speed) = (page.at(field::X + axis, i), page.at(field::VX + axis, i));
        let v = change(axis, particle.load(speed));
        particle.store(speed, v);
        particle.store(place, particle.load(place) + v * dt);
    }
    let left = page.at(field::LEFT, i);
    let rest = particle.load(left) - dt;
    particle.store(left, rest);
    rest.le(Float4::splat(0.0)).bits()
}

/// Runs `four` for every four of the first `count` particles of a page and notes the bits that it gives; gives how many are set.
#[inline(always)]
fn each_four(world: &World, (entry, count): (usize, usize), mut four: impl FnMut(usize) -> u32) -> u32 {
    let mut sum = 0;
    for w in 0..PAGE_WORDS {
        let end = count.saturating_sub(32 * w).min(32);
        let mut bits = 0;
        for i in (0..end).step_by(LANES) {
            bits |= four(32 * w + i) << i;
        }
        if end < 32 {
            bits &= (1 << end) - 1;
        }
        world.columns.page_dead.set(entry * PAGE_WORDS + w, bits);
        sum += bits.count_ones();
    }
    sum
}
