//! Which pairs of bodies a joint keeps from colliding: a set with open addressing, built anew each step.
//!
//! 5,000 joints cost about 0.05 ms; a set that lives on would have to follow every removal, reuse of an id and raw write.

use super::joint::{bit, count, kind};
use crate::world::World;

/// First place of a pair: Fibonacci hashing, the upper bits of the product.
#[inline(always)]
fn place(key: u64, mask: usize) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask
}

/// The pair as one number that no order changes; never 0, for an id is in it twice only for a body joined to itself.
#[inline(always)]
fn key(a: usize, b: usize) -> u64 {
    ((a.min(b) as u64) << 32) | a.max(b) as u64
}

/// Builds the set. Before the broad phase, on the caller.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn list(world: &World) {
    let c = &world.columns;
    let joints = count(world);
    if joints <= 1 {
        return;
    }
    let mask = c.joint_pair.len() - 1;
    c.joint_pair.fill(0, c.joint_pair.len(), 0);
    for j in 1..joints {
        let kind = c.joint_kind.get(j);
        if kind == kind::NONE || kind > kind::DISTANCE || c.joint_flags.get(j) & (bit::COLLIDE | bit::BROKEN) != 0 {
            continue;
        }
        let key = key(c.joint_a.get(j) as usize, c.joint_b.get(j) as usize);
        let mut at = place(key, mask);
        // At most half full: there is always an end.
        while c.joint_pair.get(at) != 0 && c.joint_pair.get(at) != key {
            at = (at + 1) & mask;
        }
        c.joint_pair.set(at, key);
    }
}

/// Whether a joint keeps bodies `a` and `b` from colliding. Asked only where both have the flag JOINTED.
#[inline]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn joined(world: &World, a: u32, b: u32) -> bool {
    let c = &world.columns;
    if count(world) <= 1 {
        return false;
    }
    let mask = c.joint_pair.len() - 1;
    let key = key(a as usize, b as usize);
    let mut at = place(key, mask);
    loop {
        match c.joint_pair.get(at) {
            0 => return false,
            found if found == key => return true,
            _ => at = (at + 1) & mask,
        }
    }
}
