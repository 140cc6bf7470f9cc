//! `sleep`: islands of bodies that rest on something that does not move fall asleep, and sleep until something touches, pushes or moves them.
//!
//! A body is still while its speed and its rim's speed stay below the sleeping speed. An island is what contacts and joints connect (union–find,
//! in contact order). It sleeps when all of it has been still for the sleeping time and something at rest carries it: what drifts in space never
//! sleeps, however slow, for that would take its momentum. A sleeping island is a ring through `sleep_next`.
//!
//! Contacts of sleepers lie behind those of the last step (`warm_*` from `contacts` on), with their manifolds in a third part of the records,
//! so that an island wakes with the impulses that it fell asleep with.

use super::events::Log;
use super::joint;
use super::pair_pages::pairs_of;
use super::solver_body::{unlocked, LOCK_X};
use super::warm_start::{self, bit};
use crate::layout::BLOCK;
use crate::wide::{Real, Real4, Vector4, LANES};
use crate::world::{counter, flag, setting, tally, World};

/// Steps between two looks for islands.
const EVERY: usize = 4;

/// Bits of an island, at its root.
mod island {
    /// Something at rest carries it.
    pub const CARRIED: u32 = 1;
    /// Something keeps it awake.
    pub const RESTLESS: u32 = 2;
}

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let tick = world.count(counter::TICK).wrapping_add(1) & 0xffff;
    world.set_count(counter::TICK, tick);
    let time = world.columns.settings.get(setting::SLEEP_TIME) as Real;
    if time <= 0.0 {
        return;
    }
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| rest(world, block, time));
    }
    let ready: usize = (0..blocks).map(|block| world.tally(block, tally::STILL)).sum();
    if ready > 0 && tick % EVERY == 0 {
        let threshold = |world: &World, e: usize| world.columns.still.get(e) >= time;
        fall_asleep(world, threshold);
    }
}

/// Brings the stillness of a block's bodies up to date, and counts those still for long enough.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn rest(world: &World, block: usize, time: Real) {
    let c = &world.columns;
    if world.tally(block, tally::SLEEPY) == 0 {
        world.set_tally(block, tally::STILL, 0);
        return;
    }
    let speed = Real4::splat(c.settings.get(setting::SLEEP_SPEED) as Real);
    let dt = Real4::splat(world.parameters.dt);
    let mut ready = 0;
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        let moves = live.has(flag::DYNAMIC);
        if !moves.any() {
            continue;
        }
        let v = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
        let w = Vector4::new(c.angular_x.load(i), c.angular_y.load(i), c.angular_z.load(i));
        let r = c.radius.load(i);
        let slow = (v.dot(v) + w.dot(w) * r * r).le(speed * speed) & live.has(flag::CAN_SLEEP);
        let still = (c.still.load(i) + dt).keep(slow & moves);
        c.still.store(i, still);
        ready += still.ge(Real4::splat(time)).bits().count_ones();
    }
    world.set_tally(block, tally::STILL, ready as usize);
}

/// The root of a body's island, the path to it halved.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn root(world: &World, mut e: u32) -> u32 {
    let parent = &world.columns.island;
    while parent.get(e as usize) != e {
        let up = parent.get(parent.get(e as usize) as usize);
        parent.set(e as usize, up);
        e = up;
    }
    e
}

/// Joins the islands of two bodies; what rests carries the other, what moves by itself keeps it awake.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn connect(world: &World, a: u32, b: u32) {
    let c = &world.columns;
    let moved = |e: u32| c.live.get(e as usize) & flag::DYNAMIC != 0;
    match (moved(a), moved(b)) {
        (true, true) => {
            let (p, q) = (root(world, a), root(world, b));
            let (low, high) = (p.min(q), p.max(q));
            c.island.set(high as usize, low);
            c.island_bits.set(low as usize, c.island_bits.get(low as usize) | c.island_bits.get(high as usize));
        }
        (false, false) => {}
        (first, _) => {
            let (body, other) = if first { (a, b) } else { (b, a) };
            let bit = if c.live.get(other as usize) & flag::MOVES != 0 { island::RESTLESS } else { island::CARRIED };
            let r = root(world, body) as usize;
            c.island_bits.set(r, c.island_bits.get(r) | bit);
        }
    }
}

/// Finds the islands of the step's contacts and joints; their bits stand at their roots.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn find_islands(world: &World) {
    let c = &world.columns;
    let touched = world.count(counter::TOUCHED);
    for slot in 1..touched {
        let e = c.solver_id.get(slot);
        c.island.set(e as usize, e);
        c.island_bits.set(e as usize, 0);
    }
    for index in 0..world.count(counter::CONTACTS) {
        if c.contact_bits.get(index) & (bit::TOUCHING | bit::SENSOR) == bit::TOUCHING {
            connect(world, c.contact_a.get(index), c.contact_b.get(index));
        }
    }
    let high = (c.settings.get(setting::JOINTS) as usize).min(world.capacity.joints);
    for index in (1..high).filter(|index| joint::acts(world, *index)) {
        connect(world, c.joint_a.get(index), c.joint_b.get(index));
    }
}

/// Puts the islands to sleep that are carried and all of whose bodies are `ready`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn fall_asleep(world: &mut World, ready: impl Fn(&World, usize) -> bool) {
    find_islands(world);
    let c = world.columns;
    let touched = world.count(counter::TOUCHED);
    let body = |slot: usize| {
        let e = c.solver_id.get(slot) as usize;
        (c.live.get(e) & flag::DYNAMIC != 0).then_some(e)
    };
    for e in (1..touched).filter_map(body) {
        if !ready(world, e) {
            let r = root(world, e as u32) as usize;
            c.island_bits.set(r, c.island_bits.get(r) | island::RESTLESS);
        }
    }
    let mut islands = 0;
    for e in (1..touched).filter_map(body) {
        let r = root(world, e as u32) as usize;
        if c.island_bits.get(r) & (island::CARRIED | island::RESTLESS) != island::CARRIED {
            continue;
        }
        islands += (e == r) as usize;
        lay_down(world, e, r);
    }
    world.set_count(counter::ISLANDS, islands);
}

/// Puts body `e` into the ring of `r`, at rest.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn lay_down(world: &World, e: usize, r: usize) {
    let c = &world.columns;
    c.flags.set(e, c.flags.get(e) | flag::ASLEEP);
    for column in [&c.velocity_x, &c.velocity_y, &c.velocity_z, &c.angular_x, &c.angular_y, &c.angular_z] {
        column.set(e, 0.0);
    }
    // The root comes into its ring with the first of its bodies, itself or another.
    if c.sleep_next.get(r) == 0 {
        c.sleep_next.set(r, r as u32);
    }
    if e != r {
        c.sleep_next.set(e, c.sleep_next.get(r));
        c.sleep_next.set(r, e as u32);
    }
}

/// Puts the island of body `e` to sleep, whatever moves it; a body that touches nothing sleeps alone. Called between steps.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn sleep_island(world: &mut World, e: usize) {
    let c = world.columns;
    if e >= world.capacity.entities || c.flags.get(e) & (flag::BODY | flag::DYNAMIC | flag::ASLEEP) != flag::BODY | flag::DYNAMIC {
        return;
    }
    find_islands(world);
    let touched = world.count(counter::TOUCHED);
    let awake = |e: usize| c.flags.get(e) & (flag::DYNAMIC | flag::ASLEEP) == flag::DYNAMIC && c.live.get(e) & flag::DYNAMIC != 0;
    let known = (1..touched).any(|slot| c.solver_id.get(slot) as usize == e);
    if !known {
        return lay_down(world, e, e);
    }
    let r = root(world, e as u32);
    for slot in 1..touched {
        let other = c.solver_id.get(slot) as usize;
        if awake(other) && root(world, other as u32) == r {
            lay_down(world, other, r as usize);
        }
    }
}

/// Wakes the island of body `e`; of a body that does not move, what sleeps against it. (What moves is awake, and so is all it touches.)
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn wake_island(world: &mut World, e: usize) {
    if e >= world.capacity.entities || wake(world, e, |_| {}) || world.columns.flags.get(e) & flag::DYNAMIC != 0 {
        return;
    }
    let c = world.columns;
    // Those of the last step too: what fell asleep in it is not sorted in yet.
    let from = world.capacity.contacts;
    for index in (0..world.count(counter::WARM)).chain(from..from + world.count(counter::WARM_ASLEEP)) {
        let (a, b) = (c.warm_a.get(index) as usize, c.warm_b.get(index) as usize);
        // Only the first contact of a pair says whose it is.
        if c.warm_bits.get(index) & bit::HEAD != 0 && (a == e || b == e) {
            wake(world, a, |_| {});
            wake(world, b, |_| {});
        }
    }
}

/// Wakes the ring of `e` and calls `risen` for each of its bodies. False when it was awake.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn wake(world: &World, e: usize, mut risen: impl FnMut(usize)) -> bool {
    let c = &world.columns;
    if c.flags.get(e) & flag::ASLEEP == 0 {
        return false;
    }
    let mut at = e;
    // A ring is never longer than the world, whatever a stray write made of it.
    for _ in 0..world.capacity.entities {
        let next = c.sleep_next.get(at) as usize;
        c.sleep_next.set(at, 0);
        c.flags.set(at, c.flags.get(at) & !flag::ASLEEP);
        c.still.set(at, 0.0);
        risen(at);
        if next == 0 || next == e || next >= world.capacity.entities {
            break;
        }
        at = next;
    }
    c.counters.set(counter::WOKEN, c.counters.get(counter::WOKEN) + 1);
    true
}

/// Wakes what a game pushed or set in motion while it slept.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn wake_stirred(world: &mut World) {
    let c = world.columns;
    for block in 0..world.parameters.blocks {
        if world.tally(block, tally::STIRRED) == 0 {
            continue;
        }
        for e in block * BLOCK..(block + 1) * BLOCK {
            let columns = [
                &c.velocity_x,
                &c.velocity_y,
                &c.velocity_z,
                &c.angular_x,
                &c.angular_y,
                &c.angular_z,
                &c.force_x,
                &c.force_y,
                &c.force_z,
                &c.torque_x,
                &c.torque_y,
                &c.torque_z,
            ];
            if c.flags.get(e) & flag::ASLEEP != 0 && columns.iter().any(|column| column.get(e) != 0.0) {
                wake(world, e, |_| {});
            }
        }
    }
}

/// Wakes the islands that something awake touches, in the middle of a step: they fall from now on. False when there are none.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn wake_touched(world: &mut World) -> bool {
    let c = world.columns;
    let mut woke = false;
    for page in 0..world.count(counter::PAGES) {
        for at in pairs_of(world, c.page_order.get(page) as usize) {
            let ends = [c.page.get(at) as usize, c.page.get(at + 1) as usize];
            let either = c.live.get(ends[0]) | c.live.get(ends[1]);
            if c.page.get(at + 3) == 0 || either & flag::ASLEEP == 0 || either & flag::SENSOR != 0 {
                continue;
            }
            for e in ends {
                woke |= wake(world, e, |e| rise(world, e));
            }
        }
    }
    woke
}

/// A woken body takes part in the running step: the kick that it missed.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn rise(world: &World, e: usize) {
    let c = &world.columns;
    let flags = c.flags.get(e);
    // What is quarantined stays out.
    if c.live.get(e) & flag::BODY == 0 {
        return;
    }
    c.live.set(e, flags | c.live.get(e) & flag::ROLLS);
    let g = world.parameters.gravity.map(|g| g * c.gravity_scale.get(e));
    let a = unlocked(flags, LOCK_X[0], g);
    let dt = world.parameters.dt;
    c.acceleration_x.set(e, a[0]);
    c.acceleration_y.set(e, a[1]);
    c.acceleration_z.set(e, a[2]);
    c.velocity_x.set(e, a[0] * dt);
    c.velocity_y.set(e, a[1] * dt);
    c.velocity_z.set(e, a[2] * dt);
}

/// Whether the contact of `warm_*[index]` lasts although nothing was searched: both bodies are still there, neither is awake, one sleeps.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn rests(world: &World, index: usize) -> bool {
    let c = &world.columns;
    let (a, b) = (c.warm_a.get(index), c.warm_b.get(index));
    let either = c.flags.get(a as usize) | c.flags.get(b as usize);
    let awake = |e: u32| {
        let flags = c.flags.get(e as usize);
        flags & flag::BODY == 0 || flags & (flag::DYNAMIC | flag::ASLEEP) == flag::DYNAMIC
    };
    let sensed = c.warm_bits.get(index) & bit::SENSOR != 0;
    !sensed && either & flag::ASLEEP != 0 && !awake(a) && !awake(b) && warm_start::stamp(world, a, b) == c.warm_stamp.get(index)
}

/// Moves the contacts of sleepers to their place, and gives up those of what woke: they were read again by now, or they are over.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn sort_contacts(world: &mut World, log: &mut Log) {
    if world.count(counter::WOKEN) > 0 && world.count(counter::WARM_ASLEEP) > 0 {
        warm_start::give_up_woken(world, log);
    }
    world.set_count(counter::WOKEN, 0);
    if world.count(counter::ASLEEP) > 0 {
        warm_start::keep_sleepers(world);
    }
}
