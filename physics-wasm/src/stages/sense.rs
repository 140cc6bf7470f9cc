//! Sensors that bullets fly through. A bullet meets nothing in the pair search, so `sweep` tells who met whom, and two lists tell what is new.
//!
//! Bullets write what they met in whatever order they come; the list is then sorted, so nothing depends on the number of threads. A bullet is
//! in a sensor in each step in which its path, up to its first hit, touches it: one that is through within a step enters in it and leaves in the next.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::events::Log;
use super::pair_pages::accepts;
use super::warm_start::stamp;
use crate::order::sort;
use crate::wide::Real;
use crate::world::{counter, flag, World};

/// Words of a record: bullet, sensor, and what tells them from others with the same ids.
pub const RECORD: usize = 3;
/// Sensors that one bullet can meet in a step; which ones it takes of more follows from the scene alone.
const MOST: usize = 8;
type Record = [u32; RECORD];

/// What one bullet has met so far, and at which share of the step.
#[derive(Default)]
pub struct Met {
    sensors: [(u32, Real); MOST],
    count: usize,
}

impl Met {
    /// Adds a sensor, met at `time`; one that is listed twice counts once.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn add(&mut self, sensor: u32, time: Real) {
        if self.count < MOST && !self.sensors[..self.count].iter().any(|known| known.0 == sensor) {
            self.sensors[self.count] = (sensor, time);
            self.count += 1;
        }
    }

    /// Lists those that the bullet met before it was stopped.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn list(&self, world: &World, bullet: usize, stop: Real, listed: &AtomicU32) {
        for (sensor, _) in self.sensors[..self.count].iter().filter(|met| met.1 <= stop) {
            let at = listed.fetch_add(1, Relaxed) as usize;
            if at < world.capacity.events {
                let record = [bullet as u32, *sensor, stamp(world, bullet as u32, *sensor)];
                for (k, word) in record.into_iter().enumerate() {
                    world.columns.sensed_now.set(at * RECORD + k, word);
                }
            }
        }
    }
}

/// Whether a bullet may be seen by a sensor: as other bodies, if it moves and is no sensor itself.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn sees(world: &World, sensor: usize, bullet: usize) -> bool {
    let flags = world.columns.live.get(bullet);
    flags & flag::SENSOR == 0 && flags & (flag::DYNAMIC | flag::KINEMATIC | flag::ASLEEP) != 0 && accepts(world, bullet, sensor)
}

/// Reports who entered and who left since the last step, and makes this step's list the last one.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World, log: &mut Log) {
    let met = world.count(counter::FLOWN);
    let before = world.count(counter::FLOWN_BEFORE);
    if met + before == 0 {
        return;
    }
    // Which of too many were listed would depend on the threads: none of them counts.
    if met > world.capacity.events {
        return log.drop(met);
    }
    let c = world.columns;
    // SAFETY: both columns are of whole records, and nobody else is at work.
    let (now, last) = unsafe {
        let list = |column: &crate::column::Column<u32>, count| core::slice::from_raw_parts_mut(column.address(0).cast::<Record>(), count);
        (list(&c.sensed_now, met), list(&c.sensed_last, world.capacity.events))
    };
    sort(now, |a, b| a < b);
    let (mut i, mut k) = (0, 0);
    while i < met || k < before {
        let order = if i == met {
            core::cmp::Ordering::Greater
        } else if k == before {
            core::cmp::Ordering::Less
        } else {
            now[i].cmp(&last[k])
        };
        if order.is_lt() {
            log.passed(world, now[i][1], now[i][0], true);
        } else if order.is_gt() {
            log.passed(world, last[k][1], last[k][0], false);
        }
        i += order.is_le() as usize;
        k += order.is_ge() as usize;
    }
    last[..met].copy_from_slice(now);
    world.set_count(counter::FLOWN_BEFORE, met);
}
