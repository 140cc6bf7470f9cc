//! Impulses of the last step, found by pair: an open-addressing table whose keys are (a, b).
//!
//! Filled in parallel by compare-and-swap; in which slot a key lands may differ from run to run, what a key finds does not. Cleared by
//! walking the slots of the last step's contacts, so its cost follows the contacts and not the capacity.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::world::{counter, World};

/// Contacts a claim stores.
const CHUNK: usize = 1024;

#[inline(always)]
fn slot_of(world: &World, key: u64) -> usize {
    let mixed = ((key >> 32) as u32).wrapping_mul(0x9e37_79b1) ^ (key as u32).wrapping_mul(0x85eb_ca6b);
    (mixed ^ (mixed >> 15)) as usize & (world.columns.table_key.len() - 1)
}

#[inline(always)]
fn key_of(a: u32, b: u32) -> u64 {
    (a as u64) << 32 | b as u64
}

/// Fills the impulses of contact `index` with those that the pair had in the last step, or zero.
pub fn read(world: &World, index: usize, a: u32, b: u32) {
    let c = &world.columns;
    let key = key_of(a, b);
    let mut slot = slot_of(world, key);
    let mut values = [0.0; 4];
    if world.count(counter::WARM) > 0 {
        loop {
            let found = c.table_key.get(slot);
            if found == key {
                let from = c.table_contact.get(slot) as usize;
                values = [c.warm_normal.get(from), c.warm_tx.get(from), c.warm_ty.get(from), c.warm_tz.get(from)];
            }
            if found == key || found == 0 {
                break;
            }
            slot = (slot + 1) & (c.table_key.len() - 1);
        }
    }
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
        world.jobs.run(before.div_ceil(CHUNK), |chunk| {
            for index in chunk * CHUNK..((chunk + 1) * CHUNK).min(before) {
                world.columns.table_key.set(world.columns.warm_slot.get(index) as usize, 0);
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
    let key = key_of(c.contact_a.get(index), c.contact_b.get(index));
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
    c.warm_normal.set(index, c.contact_normal.get(index));
    c.warm_tx.set(index, c.contact_tx.get(index));
    c.warm_ty.set(index, c.contact_ty.get(index));
    c.warm_tz.set(index, c.contact_tz.get(index));
}
