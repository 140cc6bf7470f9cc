//! `collide`: candidates become contacts: a normal from a to b, a separation, the speed of approach, and the impulses of the last step.
//!
//! A pair touches when the gap is below a margin; else it is a contact only if the bodies, moving straight, meet within the step: then the
//! normal is the one at the moment they meet, so that bodies which pass each other never feel a ghost. Spheres are dealt with here, all other
//! shapes in `collide_shapes`, which writes manifolds.
//!
//! Two passes over the pages of pairs: the first finds out what touches, the second writes the contacts in the order of the pages, which does
//! not depend on who found them. Where something awake touches an island that sleeps, the island wakes and the search is made again.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::collide_shapes::{self, Slots};
use super::integrate_velocities::MARGIN;
use super::pair_pages::{pairs_of, stands, CONTACTS};
use super::warm_start::bit;
use super::{find_pairs, gather};
use super::{manifold, plane, sleep, warm_start};
pub use crate::geometry::vector::{dot, sub};
use crate::layout::MANIFOLD_WORDS;
use crate::wide::Real;
use crate::world::{counter, flag, World};

/// Flags of bodies whose contacts are manifolds.
const MANIFOLD: u32 = flag::SHAPED | flag::ROLLS | flag::LOCK_ANGULAR;
/// How often a step looks again after something woke: an island that wakes may touch another one that sleeps.
const SEARCHES: usize = 4;

/// What the narrow phase knows of a pair of spheres, or a sphere and a plane, that touches.
struct Touch {
    normal: [Real; 3],
    separation: Real,
    approach: Real,
}

/// Runs the stage.
pub fn run(world: &mut World) {
    world.parameters.half ^= 1;
    for search in 0..SEARCHES {
        let wakes = sift_all(world);
        if !wakes || search + 1 == SEARCHES || !sleep::wake_touched(world) {
            break;
        }
        if world.parameters.listed {
            gather::rebuild(world);
            world.parameters.listed = false;
        }
        find_pairs::search_all(world);
        // It was searched for what some bodies are no longer listed as.
        world.kept.valid = false;
    }
    let contacts = place(world);
    let dropped = contacts.saturating_sub(world.capacity.contacts);
    world.set_count(counter::CONTACTS, contacts - dropped);
    world.set_count(counter::DROPPED_CONTACTS, world.count(counter::DROPPED_CONTACTS) + dropped);
    if contacts > 0 {
        let world = &*world;
        world.jobs.run(world.count(counter::PAGES), |page| write(world, page));
    }
}

/// Finds out what touches, page by page; gives whether something awake touches something that sleeps. When the manifolds run out, the caller
/// does it again alone, so that what is dropped does not depend on who came first.
fn sift_all(world: &mut World) -> bool {
    let pages = world.count(counter::PAGES);
    let (pool, wakes) = (AtomicU32::new(0), AtomicU32::new(0));
    {
        let world = &*world;
        world.jobs.run(pages, |page| {
            sift(world, page, &mut Slots::shared(world, &pool), &wakes);
        });
    }
    let mut dropped = 0;
    if pool.load(Relaxed) as usize > world.capacity.manifolds {
        pool.store(0, Relaxed);
        let world = &*world;
        let mut slots = Slots::alone(world, &pool);
        for page in 0..pages {
            sift(world, page, &mut slots, &wakes);
        }
        dropped = slots.dropped;
    }
    world.set_count(counter::DROPPED_MANIFOLDS, dropped);
    wakes.load(Relaxed) != 0
}

/// The first contact of each page; gives how many there are in all.
fn place(world: &World) -> usize {
    let c = &world.columns;
    let mut contacts = 0;
    for page in 0..world.count(counter::PAGES) {
        c.page_start.set(page, contacts as u32);
        contacts += c.page.get(c.page_order.get(page) as usize + CONTACTS) as usize;
    }
    contacts
}

/// Puts each pair of a page in order and writes the number of its contacts and its first manifold beside it.
fn sift(world: &World, page: usize, slots: &mut Slots, wakes: &AtomicU32) {
    let c = &world.columns;
    let base = c.page_order.get(page) as usize;
    let mut kept = 0;
    // The table of the last step is large and its places are random: looked up one after the other, the waits for memory overlap; between two
    // contacts each of them was a tenth of the contact.
    for at in pairs_of(world, base) {
        let (a, b) = ordered(world, c.page.get(at), c.page.get(at + 1));
        c.page.set(at, a);
        c.page.set(at + 1, b);
        let flags = [c.live.get(a as usize), c.live.get(b as usize)];
        let stands = stands(world, [a, b], flags);
        let before = if stands && (flags[0] | flags[1]) & MANIFOLD != 0 { warm_start::find(world, a, b) } else { None };
        c.page.set(at + 2, before.map_or(0, |head| c.warm_manifold.get(head)));
        c.page.set(at + 3, stands as u32);
    }
    for at in pairs_of(world, base) {
        let (a, b, before) = (c.page.get(at), c.page.get(at + 1), c.page.get(at + 2));
        let (one, other) = (c.live.get(a as usize), c.live.get(b as usize));
        let (first, count) = if c.page.get(at + 3) == 0 {
            (0, 0)
        } else if (one | other) & MANIFOLD != 0 {
            collide_shapes::meet(world, [a as usize, b as usize], before, slots)
        } else {
            (0, touch(world, a, b).is_some() as u32)
        };
        c.page.set(at + 2, first);
        c.page.set(at + 3, count);
        kept += count;
        if count > 0 && (one | other) & flag::ASLEEP != 0 && (one | other) & flag::SENSOR == 0 {
            wakes.store(1, Relaxed);
        }
    }
    c.page.set(base + CONTACTS, kept);
}

/// Writes the contacts of a page from its place on.
fn write(world: &World, page: usize) {
    let c = &world.columns;
    let mut index = c.page_start.get(page) as usize;
    let base = c.page_order.get(page) as usize;
    for at in pairs_of(world, base) {
        let (a, b) = (c.page.get(at), c.page.get(at + 1));
        let (mut next, count) = (c.page.get(at + 2), c.page.get(at + 3));
        if count == 0 || index >= world.capacity.contacts {
            continue;
        }
        let before = warm_start::find(world, a, b);
        let sensor = (c.live.get(a as usize) | c.live.get(b as usize)) & flag::SENSOR != 0;
        let mut bits = bit::HEAD | if sensor { bit::SENSOR } else { 0 };
        if c.live.get(b as usize) & flag::SENSOR != 0 {
            bits |= bit::SECOND;
        }
        if let Some(before) = before {
            bits |= c.warm_bits.get(before) & bit::TOUCHING;
            c.warm_bits.set(before, c.warm_bits.get(before) | bit::SEEN);
        }
        for _ in 0..count {
            if index >= world.capacity.contacts {
                return;
            }
            c.contact_a.set(index, a);
            c.contact_b.set(index, b);
            c.contact_manifold.set(index, next);
            c.contact_bits.set(index, bits);
            bits &= !bit::HEAD;
            if next != 0 {
                next = c.manifold_word.get((next as usize - 1) * MANIFOLD_WORDS + manifold::word::NEXT);
            } else if let Some(t) = touch(world, a, b) {
                c.contact_nx.set(index, t.normal[0]);
                c.contact_ny.set(index, t.normal[1]);
                c.contact_nz.set(index, t.normal[2]);
                c.contact_separation.set(index, t.separation);
                c.contact_approach.set(index, t.approach);
                warm_start::read(world, index, before);
            }
            index += 1;
        }
    }
}

/// Planes first, then level geometry, else the lower id: the same pair has the same normal in every step.
#[inline(always)]
fn ordered(world: &World, a: u32, b: u32) -> (u32, u32) {
    let (one, other) = (world.columns.live.get(a as usize), world.columns.live.get(b as usize));
    if (one | other) & (flag::PLANE | flag::SHAPED) != 0 {
        let (first, second) = (collide_shapes::rank(world, a as usize), collide_shapes::rank(world, b as usize));
        if first != second {
            return if first < second { (a, b) } else { (b, a) };
        }
    }
    (a.min(b), a.max(b))
}

/// Position of a body.
#[inline(always)]
pub fn position(world: &World, e: usize) -> [Real; 3] {
    let c = &world.columns;
    [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)]
}

/// Velocity of a body after the kick; a static body has none, whatever its column says.
#[inline(always)]
pub fn velocity(world: &World, e: usize) -> [Real; 3] {
    let c = &world.columns;
    if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
        return [0.0; 3];
    }
    [c.velocity_x.get(e), c.velocity_y.get(e), c.velocity_z.get(e)]
}

/// The contact of a pair, if it has one in this step.
fn touch(world: &World, a: u32, b: u32) -> Option<Touch> {
    let (i, j) = (a as usize, b as usize);
    let dt = world.parameters.dt;
    let relative = sub(velocity(world, j), velocity(world, i));
    let (normal, separation, time) =
        if world.columns.live.get(i) & flag::PLANE != 0 { meet_plane(world, i, j, relative)? } else { meet_sphere(world, i, j, relative)? };
    let rest = dt * (1.0 - time);
    let acceleration = sub(acceleration(world, j), acceleration(world, i));
    let approach = dot(normal, relative) - dot(normal, acceleration) * rest;
    Some(Touch { normal, separation, approach })
}

#[inline(always)]
/// Acceleration of a body in this step.
pub fn acceleration(world: &World, e: usize) -> [Real; 3] {
    let c = &world.columns;
    [c.acceleration_x.get(e), c.acceleration_y.get(e), c.acceleration_z.get(e)]
}

/// Normal, separation along it, and the moment they meet as a share of the step.
type Meeting = ([Real; 3], Real, Real);

fn meet_sphere(world: &World, i: usize, j: usize, relative: [Real; 3]) -> Option<Meeting> {
    let c = &world.columns;
    let sum = c.radius.get(i) + c.radius.get(j);
    let d = sub(position(world, j), position(world, i));
    let length2 = dot(d, d);
    let length = length2.sqrt();
    if length - sum < MARGIN * sum {
        let normal = if length > 0.0 { d.map(|v| v / length) } else { [0.0, 1.0, 0.0] };
        return Some((normal, length - sum, 0.0));
    }
    let w = relative.map(|v| v * world.parameters.dt);
    let (aa, bb, cc) = (dot(w, w), dot(d, w), length2 - sum * sum);
    let root = bb * bb - aa * cc;
    if bb >= 0.0 || root < 0.0 {
        return None;
    }
    let time = cc / (root.sqrt() - bb);
    if !(0.0..=1.0).contains(&time) {
        return None;
    }
    let at: [Real; 3] = core::array::from_fn(|axis| (d[axis] + w[axis] * time) / sum);
    let scale = dot(at, at).sqrt();
    let normal = at.map(|v| v / scale);
    Some((normal, dot(normal, d) - sum, time))
}

fn meet_plane(world: &World, i: usize, j: usize, relative: [Real; 3]) -> Option<Meeting> {
    let radius = world.columns.radius.get(j);
    let normal = plane::normal(world, i);
    let separation = plane::height(world, i, j) - radius;
    if separation < MARGIN * radius {
        return Some((normal, separation, 0.0));
    }
    let closing = -dot(normal, relative) * world.parameters.dt;
    (closing > 0.0 && separation <= closing).then(|| (normal, separation, separation / closing))
}
