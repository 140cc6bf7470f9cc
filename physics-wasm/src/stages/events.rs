//! `events`: which contacts began and ended in this step, in the order of the contacts; then the contacts become those of the last step.
//!
//! A contact begins when it first passes an impulse or overlaps, and ends when the bodies are no longer near: in between it neither begins nor
//! ends, so that a rattling stone does not fill the list. Falling asleep is no end, and waking no beginning: contacts of sleepers are kept apart.

use core::ops::Range;

use super::manifold::{record, vector, word, word_of};
use super::pair_pages::{CONTACTS, NEWS};
use super::warm_start::{self, bit};
use super::{collide, manifold, sense, sleep};
use crate::geometry::vector::*;
use crate::shapes::body_pose;
use crate::wide::Real;
use crate::world::{counter, World};

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let mut log = Log::default();
    begin(world, &mut log);
    end(world, &mut log);
    sense::run(world, &mut log);
    sleep::sort_contacts(world, &mut log);
    warm_start::store(world);
    log.publish(world);
}

/// Counts of the step's events.
#[derive(Default)]
pub struct Log {
    begins: usize,
    ends: usize,
    sensor_begins: usize,
    sensor_ends: usize,
    dropped: usize,
}

impl Log {
    /// No events.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn publish(&self, world: &mut World) {
        world.set_count(counter::BEGINS, self.begins);
        world.set_count(counter::ENDS, self.ends);
        world.set_count(counter::SENSOR_BEGINS, self.sensor_begins);
        world.set_count(counter::SENSOR_ENDS, self.sensor_ends);
        world.set_count(counter::DROPPED_EVENTS, self.dropped);
    }

    /// The next place of a list, if there is one.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn place(count: &mut usize, dropped: &mut usize, room: usize) -> Option<usize> {
        if *count == room {
            *dropped += 1;
            return None;
        }
        *count += 1;
        Some(*count - 1)
    }

    /// Events that found no room.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn drop(&mut self, events: usize) {
        self.dropped += events;
    }

    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn sensor(&mut self, world: &World, [a, b]: [u32; 2], bits: u32, begins: bool) {
        let (sensor, other) = if bits & bit::SECOND != 0 { (b, a) } else { (a, b) };
        self.passed(world, sensor, other, begins);
    }

    /// `other` has entered or left a sensor.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn passed(&mut self, world: &World, sensor: u32, other: u32, begins: bool) {
        let c = &world.columns;
        let count = if begins { &mut self.sensor_begins } else { &mut self.sensor_ends };
        let Some(at) = Self::place(count, &mut self.dropped, world.capacity.events) else { return };
        let (first, second) = if begins { (&c.sensor_begin, &c.sensor_begin_other) } else { (&c.sensor_end, &c.sensor_end_other) };
        first.set(at, sensor);
        second.set(at, other);
    }

    /// The contact of `warm_*[index]` is over.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn over(&mut self, world: &World, index: usize) {
        let c = &world.columns;
        let ends = [c.warm_a.get(index), c.warm_b.get(index)];
        if c.warm_bits.get(index) & bit::SENSOR != 0 {
            return self.sensor(world, ends, c.warm_bits.get(index), false);
        }
        if let Some(at) = Self::place(&mut self.ends, &mut self.dropped, world.capacity.events) {
            c.end_a.set(at, ends[0]);
            c.end_b.set(at, ends[1]);
        }
    }
}

/// Pages of pairs a claim looks through.
const PAGES_A_BLOCK: usize = 4;

/// What the contacts of one pair say together.
struct Touching {
    touches: bool,
    speed: Real,
    impulse: Real,
}

/// The contacts of a page of pairs.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn contacts_of(world: &World, page: usize) -> (usize, Range<usize>) {
    let c = &world.columns;
    let (base, start) = (c.page_order.get(page) as usize, c.page_start.get(page) as usize);
    (base, start..(start + c.page.get(base + CONTACTS) as usize).min(world.count(counter::CONTACTS)))
}

/// Marks what begins to touch, pair by pair, and reports it. All threads look for it; where they find some, the caller goes through the page.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn begin(world: &World, log: &mut Log) {
    let c = &world.columns;
    let (mut sensed, pages) = (0, if world.count(counter::CONTACTS) > 0 { world.count(counter::PAGES) } else { 0 });
    world.jobs.run(pages.div_ceil(PAGES_A_BLOCK), |block| {
        for page in block * PAGES_A_BLOCK..((block + 1) * PAGES_A_BLOCK).min(pages) {
            let mut news = 0;
            let (base, contacts) = contacts_of(world, page);
            each_pair(world, contacts, |head, _, pair| {
                let bits = c.contact_bits.get(head);
                news += (bits & bit::SENSOR != 0) as u32;
                news += ((bits & bit::TOUCHING == 0 && pair.touches) as u32) << 16;
            });
            c.page.set(base + NEWS, news);
        }
    });
    for page in 0..pages {
        let (base, contacts) = contacts_of(world, page);
        let news = c.page.get(base + NEWS);
        sensed += news & 0xffff;
        if news >> 16 != 0 {
            each_pair(world, contacts, |head, end, pair| {
                if c.contact_bits.get(head) & bit::TOUCHING == 0 && pair.touches {
                    (head..end).for_each(|k| c.contact_bits.set(k, c.contact_bits.get(k) | bit::TOUCHING));
                    report(world, head, pair, log);
                }
            });
        }
    }
    c.counters.set(counter::SENSED, sensed);
}

/// Visits the pairs of a range of contacts: the first contact, the one after the last, what they say together.
#[inline(always)]
fn each_pair(world: &World, contacts: Range<usize>, mut visit: impl FnMut(usize, usize, &Touching)) {
    let c = &world.columns;
    let (mut index, contacts) = (contacts.start, contacts.end);
    while index < contacts {
        let head = index;
        let bits = c.contact_bits.get(head);
        let mut pair = Touching { touches: bits & bit::SENSOR != 0, speed: 0.0, impulse: 0.0 };
        loop {
            weigh(world, index, &mut pair);
            index += 1;
            if index == contacts || c.contact_bits.get(index) & bit::HEAD != 0 {
                break;
            }
        }
        visit(head, index, &pair);
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn weigh(world: &World, index: usize, pair: &mut Touching) {
    let c = &world.columns;
    let manifold = c.contact_manifold.get(index) as usize;
    // What touched before begins nothing.
    if c.contact_bits.get(index) & (bit::SENSOR | bit::TOUCHING) != 0 {
        return;
    }
    let total = c.contact_total.get(index);
    pair.impulse += total;
    pair.touches |= total > 0.0;
    if manifold == 0 {
        pair.touches |= c.contact_separation.get(index) <= 0.0;
        pair.speed = pair.speed.max(-c.contact_approach.get(index));
        return;
    }
    for k in 0..word_of(world, manifold - 1, word::COUNT) as usize {
        pair.touches |= manifold::real(world, manifold - 1, record::ARM + 4 * k + 3) <= 0.0;
        pair.speed = pair.speed.max(-manifold::real(world, manifold - 1, record::APPROACH + k));
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn report(world: &World, head: usize, pair: &Touching, log: &mut Log) {
    let c = &world.columns;
    let ends = [c.contact_a.get(head), c.contact_b.get(head)];
    if c.contact_bits.get(head) & bit::SENSOR != 0 {
        return log.sensor(world, ends, c.contact_bits.get(head), true);
    }
    let Some(at) = Log::place(&mut log.begins, &mut log.dropped, world.capacity.events) else { return };
    let (point, normal) = place_of(world, head);
    c.begin_a.set(at, ends[0]);
    c.begin_b.set(at, ends[1]);
    c.begin_x.set(at, point[0]);
    c.begin_y.set(at, point[1]);
    c.begin_z.set(at, point[2]);
    c.begin_nx.set(at, normal[0]);
    c.begin_ny.set(at, normal[1]);
    c.begin_nz.set(at, normal[2]);
    c.begin_speed.set(at, pair.speed);
    c.begin_impulse.set(at, pair.impulse);
}

/// Point and normal of a contact, where the bodies are now.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn place_of(world: &World, index: usize) -> (Vec3, Vec3) {
    let c = &world.columns;
    let (a, b) = (c.contact_a.get(index) as usize, c.contact_b.get(index) as usize);
    let manifold = c.contact_manifold.get(index) as usize;
    if manifold == 0 {
        let normal = [c.contact_nx.get(index), c.contact_ny.get(index), c.contact_nz.get(index)];
        return (add_scaled(collide::position(world, b), normal, -c.radius.get(b)), normal);
    }
    let m = manifold - 1;
    let count = (word_of(world, m, word::COUNT) as usize).max(1);
    let mut middle = [0.0; 3];
    for k in 0..count {
        middle = add_scaled(middle, vector(world, m, record::IN_A + 4 * k), 1.0 / count as Real);
    }
    (body_pose(world, a).point(middle), vector(world, m, record::NORMAL))
}

/// Reports the contacts of the last step that this step has not, but for those that went to sleep.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn end(world: &World, log: &mut Log) {
    let c = &world.columns;
    for index in 0..world.count(counter::WARM) {
        let bits = c.warm_bits.get(index);
        if bits & (bit::HEAD | bit::TOUCHING | bit::SEEN) == bit::HEAD | bit::TOUCHING && !sleep::rests(world, index) {
            log.over(world, index);
        }
    }
}
