//! `collide`: candidates become contacts: a normal from a to b, a separation, the speed of approach, and the impulses of the last step.
//!
//! A pair touches when the gap is below `MARGIN`; else it is a contact only if the spheres, moving straight, meet within the step: then the
//! normal is the one at the moment they meet, so that bodies which pass each other never feel a ghost.
//! Contacts lie in the order of the pair search's blocks, so their order does not depend on who found them.

use super::find_pairs::{blocks, for_each_pair};
use super::integrate_velocities::MARGIN;
use super::{plane, warm_start};
use crate::wide::Real;
use crate::world::{counter, flag, World};

/// What the narrow phase knows of a pair that touches.
struct Touch {
    normal: [Real; 3],
    separation: Real,
    approach: Real,
}

/// Runs the stage.
pub fn run(world: &mut World) {
    let blocks = blocks(world);
    {
        let world = &*world;
        world.jobs.run(blocks, |block| sift(world, block));
    }
    let mut contacts = 0;
    for block in 0..blocks {
        let kept = world.columns.block_page.get(block * 3 + 2) as usize;
        world.columns.block_page.set(block * 3 + 2, contacts as u32);
        contacts += kept;
    }
    let dropped = contacts.saturating_sub(world.capacity.contacts);
    world.set_count(counter::CONTACTS, contacts - dropped);
    world.set_count(counter::DROPPED_CONTACTS, world.count(counter::DROPPED_CONTACTS) + dropped);
    if contacts == 0 {
        return;
    }
    let world = &*world;
    world.jobs.run(blocks, |block| write(world, block));
}

/// Marks the pairs of a block that do not touch (their first id becomes 0) and counts the others.
fn sift(world: &World, block: usize) {
    let page = &world.columns.page;
    let mut kept = 0;
    for_each_pair(world, block, |at| match touch(world, page.get(at), page.get(at + 1)) {
        Some(_) => kept += 1,
        None => page.set(at, 0),
    });
    world.columns.block_page.set(block * 3 + 2, kept);
}

/// Writes the contacts of a block from its place on.
fn write(world: &World, block: usize) {
    let c = &world.columns;
    let mut index = c.block_page.get(block * 3 + 2) as usize;
    for_each_pair(world, block, |at| {
        let (a, b) = ordered(world, c.page.get(at), c.page.get(at + 1));
        if a == 0 || index >= world.capacity.contacts {
            return;
        }
        if let Some(t) = touch(world, a, b) {
            c.contact_a.set(index, a);
            c.contact_b.set(index, b);
            c.contact_nx.set(index, t.normal[0]);
            c.contact_ny.set(index, t.normal[1]);
            c.contact_nz.set(index, t.normal[2]);
            c.contact_separation.set(index, t.separation);
            c.contact_approach.set(index, t.approach);
            warm_start::read(world, index, a, b);
            index += 1;
        }
    });
}

/// The pair with the plane, or else the lower id, first: the same pair has the same normal in every step.
#[inline(always)]
fn ordered(world: &World, a: u32, b: u32) -> (u32, u32) {
    if a == 0 || world.columns.live.get(a as usize) & flag::PLANE != 0 || a < b {
        (a, b)
    } else {
        (b, a)
    }
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

/// Inner product.
#[inline(always)]
pub fn dot(a: [Real; 3], b: [Real; 3]) -> Real {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Difference.
#[inline(always)]
pub fn sub(a: [Real; 3], b: [Real; 3]) -> [Real; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// The contact of a pair, if it has one in this step.
fn touch(world: &World, a: u32, b: u32) -> Option<Touch> {
    let (a, b) = ordered(world, a, b);
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
fn acceleration(world: &World, e: usize) -> [Real; 3] {
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
