//! What is known of the contacts of the last step, found by pair: an open-addressing table whose keys are (a, b).
//!
//! Filled in parallel by compare-and-swap; in which slot a key lands may differ from run to run, what a key finds does not. Cleared by
//! walking the slots of the last step's contacts, so its cost follows the contacts and not the capacity. The contacts of one pair lie side by
//! side; the first of them, its *head*, stands in the table for all.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::events::Log;
use super::manifold::word;
use super::sleep;
use crate::column::Column;
use crate::layout::{MANIFOLD_REALS, MANIFOLD_WORDS};
use crate::world::{counter, World};

/// Contacts a claim stores.
const CHUNK: usize = 512;

/// Bits of `contact_bits` and `warm_bits`.
pub mod bit {
    /// First contact of its pair.
    pub const HEAD: u32 = 1;
    /// The bodies touch: an event said so.
    pub const TOUCHING: u32 = 2;
    /// The pair has a contact in this step too (of `warm_bits`).
    pub const SEEN: u32 = 4;
    /// Of a sensor …
    pub const SENSOR: u32 = 8;
    /// … which is the second body: told here, for it may be gone when the contact ends.
    pub const SECOND: u32 = 16;
}

#[inline(always)]
fn slot_of(world: &World, key: u64) -> usize {
    let mixed = ((key >> 32) as u32).wrapping_mul(0x9e37_79b1) ^ (key as u32).wrapping_mul(0x85eb_ca6b);
    (mixed ^ (mixed >> 15)) as usize & (world.columns.table_key.len() - 1)
}

#[inline(always)]
fn key_of(a: u32, b: u32) -> u64 {
    (a as u64) << 32 | b as u64
}

/// Tells bodies a and b from others that had their ids before.
#[inline(always)]
pub fn stamp(world: &World, a: u32, b: u32) -> u32 {
    world.columns.generation.get(a as usize) ^ world.columns.generation.get(b as usize).rotate_left(16)
}

/// The head of a pair among the contacts of the last step, or, when something woke, among those of sleepers.
#[inline(always)]
pub fn find(world: &World, a: u32, b: u32) -> Option<usize> {
    let c = &world.columns;
    let mut found = None;
    if world.count(counter::WARM) > 0 {
        found = look_up(world, &c.table_key, &c.table_contact, [a, b]);
    }
    if found.is_none() && world.count(counter::WOKEN) > 0 && world.count(counter::WARM_ASLEEP) > 0 {
        found = look_up(world, &c.asleep_key, &c.asleep_contact, [a, b]);
    }
    found
}

fn look_up(world: &World, keys: &Column<u64>, contacts: &Column<u32>, [a, b]: [u32; 2]) -> Option<usize> {
    let key = key_of(a, b);
    let mut slot = slot_of(world, key);
    loop {
        let found = keys.get(slot);
        if found == key {
            let index = contacts.get(slot) as usize;
            return (world.columns.warm_stamp.get(index) == stamp(world, a, b)).then_some(index);
        }
        if found == 0 {
            return None;
        }
        slot = (slot + 1) & (keys.len() - 1);
    }
}

/// Fills the impulses of contact `index` of spheres with those that the pair had in the last step, or zero.
pub fn read(world: &World, index: usize, before: Option<usize>) {
    let c = &world.columns;
    let values = before.map_or([0.0; 4], |from| [c.warm_normal.get(from), c.warm_tx.get(from), c.warm_ty.get(from), c.warm_tz.get(from)]);
    c.contact_normal.set(index, values[0]);
    c.contact_tx.set(index, values[1]);
    c.contact_ty.set(index, values[2]);
    c.contact_tz.set(index, values[3]);
}

/// Replaces the table by the contacts of this step.
pub fn store(world: &mut World) {
    let before = world.count(counter::WARM);
    let now = world.count(counter::CONTACTS);
    {
        let world = &*world;
        let c = &world.columns;
        world.jobs.run(before.div_ceil(CHUNK), |chunk| {
            for index in chunk * CHUNK..((chunk + 1) * CHUNK).min(before) {
                if c.warm_bits.get(index) & bit::HEAD != 0 {
                    c.table_key.set(c.warm_slot.get(index) as usize, 0);
                }
            }
        });
        world.jobs.run(now.div_ceil(CHUNK), |chunk| {
            for index in chunk * CHUNK..((chunk + 1) * CHUNK).min(now) {
                insert(world, index);
            }
        });
    }
    world.set_count(counter::WARM, now);
}

fn insert(world: &World, index: usize) {
    let c = &world.columns;
    let bits = c.contact_bits.get(index);
    c.warm_bits.set(index, bits);
    if bits & bit::HEAD == 0 {
        return;
    }
    let (a, b) = (c.contact_a.get(index), c.contact_b.get(index));
    let key = key_of(a, b);
    let mut slot = slot_of(world, key);
    loop {
        // SAFETY: the address is an aligned element of the table; in this phase it is only reached through atomics.
        let cell = unsafe { &*(c.table_key.address(slot) as *const AtomicU64) };
        match cell.compare_exchange(0, key, Relaxed, Relaxed) {
            Ok(_) => break,
            // A pair met twice would make the impulses depend on who came first.
            Err(found) => debug_assert_ne!(found, key, "a pair is in the contacts twice"),
        }
        slot = (slot + 1) & (c.table_key.len() - 1);
    }
    c.table_contact.set(slot, index as u32);
    c.warm_slot.set(index, slot as u32);
    c.warm_a.set(index, a);
    c.warm_b.set(index, b);
    c.warm_stamp.set(index, stamp(world, a, b));
    c.warm_manifold.set(index, c.contact_manifold.get(index));
    c.warm_normal.set(index, c.contact_normal.get(index));
    c.warm_tx.set(index, c.contact_tx.get(index));
    c.warm_ty.set(index, c.contact_ty.get(index));
    c.warm_tz.set(index, c.contact_tz.get(index));
}

/// Adds the contacts of the last step whose bodies sleep now to those of sleepers; what finds no room is forgotten.
pub fn keep_sleepers(world: &mut World) {
    let c = world.columns;
    let room = world.capacity.contacts;
    let mut kept = world.count(counter::WARM_ASLEEP);
    let before = kept;
    for index in 0..world.count(counter::WARM) {
        let bits = c.warm_bits.get(index);
        if bits & (bit::HEAD | bit::SEEN | bit::SENSOR) != bit::HEAD || kept == room || !sleep::rests(world, index) {
            continue;
        }
        move_contact(world, index, room + kept);
        kept += 1;
    }
    if kept > before {
        world.set_count(counter::WARM_ASLEEP, kept);
        list_sleepers(world);
    }
}

/// Drops the contacts of sleepers of which one woke or left; reports those that this step has not found again.
pub fn give_up_woken(world: &mut World, log: &mut Log) {
    let c = world.columns;
    let room = world.capacity.contacts;
    let (all, mut kept) = (world.count(counter::WARM_ASLEEP), 0);
    world.set_count(counter::MANIFOLDS_ASLEEP, 0);
    for k in 0..all {
        let index = room + k;
        if sleep::rests(world, index) {
            move_contact(world, index, room + kept);
            kept += 1;
        } else if c.warm_bits.get(index) & (bit::TOUCHING | bit::SEEN) == bit::TOUCHING {
            log.over(world, index);
        }
    }
    world.set_count(counter::WARM_ASLEEP, kept);
    list_sleepers(world);
}

/// Moves an entry, and its manifolds to the next free records of sleepers: places only ever go down, so nothing is overwritten.
fn move_contact(world: &World, from: usize, to: usize) {
    let c = &world.columns;
    for column in [&c.warm_a, &c.warm_b, &c.warm_stamp, &c.warm_bits] {
        column.set(to, column.get(from));
    }
    for column in [&c.warm_normal, &c.warm_tx, &c.warm_ty, &c.warm_tz] {
        column.set(to, column.get(from));
    }
    let (mut next, mut last, mut first) = (c.warm_manifold.get(from), None::<usize>, 0);
    while next != 0 {
        let m = next as usize - 1;
        next = c.manifold_word.get(m * MANIFOLD_WORDS + word::NEXT);
        let used = c.counters.get(counter::MANIFOLDS_ASLEEP) as usize;
        if used == world.capacity.manifolds {
            break;
        }
        c.counters.set(counter::MANIFOLDS_ASLEEP, used as u32 + 1);
        let place = 2 * world.capacity.manifolds + used;
        for k in 0..MANIFOLD_REALS {
            c.manifold_real.set(place * MANIFOLD_REALS + k, c.manifold_real.get(m * MANIFOLD_REALS + k));
        }
        for k in 0..MANIFOLD_WORDS {
            c.manifold_word.set(place * MANIFOLD_WORDS + k, c.manifold_word.get(m * MANIFOLD_WORDS + k));
        }
        c.manifold_word.set(place * MANIFOLD_WORDS + word::NEXT, 0);
        match last {
            None => first = place as u32 + 1,
            Some(last) => c.manifold_word.set(last * MANIFOLD_WORDS + word::NEXT, place as u32 + 1),
        }
        last = Some(place);
    }
    c.warm_manifold.set(to, first);
}

/// Fills both tables anew: the columns of contacts were restored.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn fill_tables(world: &World) {
    let c = &world.columns;
    c.table_key.fill(0, c.table_key.len(), 0);
    for index in 0..world.count(counter::WARM) {
        if c.warm_bits.get(index) & bit::HEAD == 0 {
            continue;
        }
        let key = key_of(c.warm_a.get(index), c.warm_b.get(index));
        let slot = free_slot(world, &c.table_key, key);
        c.table_key.set(slot, key);
        c.table_contact.set(slot, index as u32);
        c.warm_slot.set(index, slot as u32);
    }
    list_sleepers(world);
}

/// The place where a key that is not in a table goes.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn free_slot(world: &World, keys: &Column<u64>, key: u64) -> usize {
    let mut slot = slot_of(world, key);
    while keys.get(slot) != 0 {
        slot = (slot + 1) & (keys.len() - 1);
    }
    slot
}

/// Fills the sleepers' table anew.
fn list_sleepers(world: &World) {
    let c = &world.columns;
    let room = world.capacity.contacts;
    c.asleep_key.fill(0, c.asleep_key.len(), 0);
    for index in room..room + world.count(counter::WARM_ASLEEP) {
        let key = key_of(c.warm_a.get(index), c.warm_b.get(index));
        let slot = free_slot(world, &c.asleep_key, key);
        c.asleep_key.set(slot, key);
        c.asleep_contact.set(slot, index as u32);
    }
}
