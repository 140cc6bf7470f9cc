//! `forces`: which bodies take part, and the acceleration of each by uniform gravity and applied force.
//!
//! Reads the public columns; writes `live`, `acceleration` and the tallies of its own block. A body with a value that is not finite, a speed
//! above `MAX_SPEED`, or a dynamic one without positive mass, is quarantined: it takes no part in this step and returns as soon as its values are sound.

use super::long_range::{charged_mask, source_mask};
use super::sleep;
use crate::layout::BLOCK;
use crate::wide::{Mask4, Real, Real4, Vector4, Word4, LANES, TINY};
use crate::world::{counter, flag, tally, World};

/// Fastest sound body, m/s, and fastest spin, rad/s. A faster one would pass infinities on to those it touches.
pub const MAX_SPEED: Real = 1e9;
/// Farthest sound body from the origin, m: beyond, squared distances overflow.
const MAX_DISTANCE: Real = 1e18;

/// What the square of a rotation's length may be off by: rounding is far below, what a game system wrote by hand mostly above.
const UNIT: Real = 1e-3;

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| mark(world, block));
    }
    if sum_tallies(world) > 0 {
        // A game wrote to bodies that sleep: their islands wake, and the marks are made anew.
        sleep::wake_stirred(world);
        let world = &mut *world;
        {
            let world = &*world;
            world.jobs.run(blocks, |block| mark(world, block));
        }
        sum_tallies(world);
    }
}

/// Lanes whose vector is shorter than `limit`; false for what is not finite.
#[inline(always)]
pub fn bounded(v: Vector4, limit: Real) -> Mask4 {
    v.dot(v).lt(Real4::splat(limit * limit))
}

/// `0 · v` is zero for a finite `v` and NaN for any other.
#[inline(always)]
fn sound(values: &[Real4]) -> Mask4 {
    let zero = Real4::splat(0.0);
    let mut sum = zero;
    for v in values {
        sum = sum + *v * zero;
    }
    sum.eq(zero)
}

/// The bodies of one block that take part, their acceleration without long range, and the block's tallies.
fn mark(world: &World, block: usize) {
    let c = &world.columns;
    let p = &world.parameters;
    let gravity = Vector4::splat(p.gravity);
    let (mut bodies, mut quarantined, mut sources, mut targets, mut planes) = (0, 0, 0, 0, 0);
    let (mut charged, mut forced, mut framed) = (false, false, false);
    let (mut awake, mut asleep, mut stirred) = (0, 0, 0);
    let mut sleepy = false;
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let flags = c.flags.load(i);
        if !flags.any() {
            c.live.store(i, flags);
            continue;
        }
        let sleeps = flags.has(flag::ASLEEP);
        if sleeps.any() {
            stirred += (sleeps & stir(world, i)).bits().count_ones();
            asleep += sleeps.bits().count_ones();
        }
        let force = Vector4::new(c.force_x.load(i), c.force_y.load(i), c.force_z.load(i));
        let torque = Vector4::new(c.torque_x.load(i), c.torque_y.load(i), c.torque_z.load(i));
        let (mass, radius) = (c.mass.load(i), c.radius.load(i));
        let velocity = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
        let angular = Vector4::new(c.angular_x.load(i), c.angular_y.load(i), c.angular_z.load(i));
        let position = Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i));
        let rotation = [c.rotation_x.load(i), c.rotation_y.load(i), c.rotation_z.load(i), c.rotation_w.load(i)];
        let rotation = if long_or_short(&rotation).any() {
            make_unit(world, i);
            [c.rotation_x.load(i), c.rotation_y.load(i), c.rotation_z.load(i), c.rotation_w.load(i)]
        } else {
            rotation
        };
        let fine = sound(&[
            rotation[0],
            rotation[1],
            rotation[2],
            rotation[3],
            force.x,
            force.y,
            force.z,
            torque.x,
            torque.y,
            torque.z,
            mass,
            radius,
            c.charge.load(i),
            c.gravity_scale.load(i),
            c.linear_damping.load(i),
            c.angular_damping.load(i),
            c.friction.load(i),
            c.restitution.load(i),
            c.rolling.load(i),
        ]) & bounded(velocity, MAX_SPEED)
            & bounded(angular, MAX_SPEED)
            & bounded(position, MAX_DISTANCE);
        let zero = Real4::splat(0.0);
        let is_body = flags.has(flag::BODY);
        // Mass and moment of inertia must have an inverse; a radius must have a square.
        let (least, most) = (Real4::splat(TINY), Real4::splat(1.0 / TINY));
        let inertia = mass * radius * radius;
        let massless = flags.has(flag::DYNAMIC) & (mass.lt(least) | mass.gt(most) | inertia.lt(least) | inertia.gt(most));
        let sizeless = (radius.le(zero) | radius.gt(Real4::splat(MAX_DISTANCE))).without(flags.has(flag::PLANE));
        let live = (is_body & fine).without(massless | sizeless);
        // What sleeps acts as static.
        let flags = (flags & Word4::splat(!flag::DYNAMIC)).keep(sleeps) | flags.keep(is_body.without(sleeps));
        let kinematic = live & flags.has(flag::KINEMATIC);
        let zero3 = Vector4::zero();
        let moves = kinematic.any().then(|| kinematic.without(same(&velocity, &zero3) & same(&angular, &zero3)));
        let rolls = live & c.rolling.load(i).gt(zero);
        let mut marks = Word4::splat(flag::ROLLS).keep(rolls);
        if let Some(moves) = moves {
            marks = marks | Word4::splat(flag::MOVES).keep(moves);
            awake += moves.bits().count_ones();
        }
        c.live.store(i, flags.keep(live) | marks);
        framed |= rolls.any() || (live & flags.has(flag::SHAPED | flag::JOINTED | flag::LOCKS)).any();
        awake += (live & flags.has(flag::DYNAMIC)).bits().count_ones();
        sleepy |= (live & flags.has(flag::DYNAMIC) & flags.has(flag::CAN_SLEEP)).any();
        let acceleration = gravity.scale(c.gravity_scale.load(i)) + force.scale(Real4::splat(1.0) / mass);
        let moved = live & flags.has(flag::DYNAMIC);
        c.acceleration_x.store(i, acceleration.x.keep(moved));
        c.acceleration_y.store(i, acceleration.y.keep(moved));
        c.acceleration_z.store(i, acceleration.z.keep(moved));
        forced |= pushed(&force, &torque).any();
        bodies += is_body.bits().count_ones();
        quarantined += is_body.without(live).bits().count_ones();
        planes += (live & flags.has(flag::PLANE)).bits().count_ones();
        targets += moved.bits().count_ones();
        sources += source_mask(world, i, flags.keep(live)).bits().count_ones();
        charged |= charged_mask(world, i, flags.keep(live)).any();
    }
    world.set_tally(block, tally::BODIES, bodies as usize);
    world.set_tally(block, tally::QUARANTINED, quarantined as usize);
    world.set_tally(block, tally::SOURCES, sources as usize);
    world.set_tally(block, tally::TARGETS, targets as usize);
    world.set_tally(block, tally::CHARGED, charged as usize);
    world.set_tally(block, tally::PLANES, planes as usize);
    world.set_tally(block, tally::FORCED, forced as usize);
    world.set_tally(block, tally::FRAMED, framed as usize);
    world.set_tally(block, tally::AWAKE, awake as usize);
    world.set_tally(block, tally::ASLEEP, asleep as usize);
    world.set_tally(block, tally::STIRRED, stirred as usize);
    world.set_tally(block, tally::SLEEPY, sleepy as usize);
}

/// Lanes whose quaternion has a length, but not that of a rotation.
#[inline(always)]
fn long_or_short([x, y, z, w]: &[Real4; 4]) -> Mask4 {
    let length2 = *x * *x + *y * *y + *z * *z + *w * *w;
    let off = length2 - Real4::splat(1.0);
    length2.gt(Real4::splat(0.0)) & off.max(-off).gt(Real4::splat(UNIT))
}

/// Brings the rotations of four bodies to length one: game systems write what they like, and shapes would be scaled by the square of it.
#[cold]
#[inline(never)]
fn make_unit(world: &World, i: usize) {
    let c = &world.columns;
    let columns = [&c.rotation_x, &c.rotation_y, &c.rotation_z, &c.rotation_w];
    for e in (i..i + LANES).filter(|e| c.flags.get(*e) & flag::BODY != 0) {
        let q = columns.map(|column| column.get(e));
        // The largest component first: the square of 10³⁰ is beyond the numbers.
        let largest = q.iter().fold(0.0, |most: Real, v| most.max(v.abs()));
        if !(largest > 0.0 && q.iter().all(|v| v.is_finite())) {
            continue;
        }
        let q = q.map(|v| v / largest);
        let length = q.iter().map(|v| v * v).sum::<Real>().sqrt();
        if (length * largest - 1.0).abs() > 0.25 * UNIT {
            columns.iter().zip(q).for_each(|(column, v)| column.set(e, v / length));
        }
    }
}

/// Lanes with a force or torque that is not zero (a NaN counts: it must be cleared too).
#[inline(always)]
fn pushed(force: &Vector4, torque: &Vector4) -> Mask4 {
    let zero = Real4::splat(0.0);
    let all = Word4::splat(u32::MAX).has(1);
    let still = force.x.eq(zero) & force.y.eq(zero) & force.z.eq(zero) & torque.x.eq(zero) & torque.y.eq(zero) & torque.z.eq(zero);
    all.without(still)
}

/// Lanes whose vectors are equal.
#[inline(always)]
fn same(a: &Vector4, b: &Vector4) -> Mask4 {
    a.x.eq(b.x) & a.y.eq(b.y) & a.z.eq(b.z)
}

/// Lanes that a force, a torque or a velocity stirs: a sleeping body has none until a game writes one.
#[inline(always)]
fn stir(world: &World, i: usize) -> Mask4 {
    let c = &world.columns;
    let force = Vector4::new(c.force_x.load(i), c.force_y.load(i), c.force_z.load(i));
    let torque = Vector4::new(c.torque_x.load(i), c.torque_y.load(i), c.torque_z.load(i));
    let velocity = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
    let angular = Vector4::new(c.angular_x.load(i), c.angular_y.load(i), c.angular_z.load(i));
    pushed(&force, &torque) | pushed(&velocity, &angular)
}

/// Adds the blocks' tallies up and lists the planes, in entity order. Gives how many sleepers were stirred.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn sum_tallies(world: &mut World) -> usize {
    let (mut sum, mut planes) = ([0usize; 6], 0);
    for block in 0..world.parameters.blocks {
        let indices = [tally::BODIES, tally::QUARANTINED, tally::FRAMED, tally::AWAKE, tally::ASLEEP, tally::STIRRED];
        for (slot, index) in indices.into_iter().enumerate() {
            sum[slot] += world.tally(block, index);
        }
        if world.tally(block, tally::PLANES) > 0 {
            planes = list_planes(world, block, planes);
        }
    }
    world.columns.plane_ids.fill(planes, crate::layout::MAX_PLANES - planes, 0);
    world.set_count(counter::BODIES, sum[0]);
    world.set_count(counter::QUARANTINED, sum[1]);
    world.parameters.framed = sum[2] > 0;
    world.set_count(counter::AWAKE, sum[3]);
    world.set_count(counter::ASLEEP, sum[4]);
    sum[5]
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn list_planes(world: &World, block: usize, mut planes: usize) -> usize {
    for i in block * BLOCK..(block + 1) * BLOCK {
        if world.columns.live.get(i) & flag::PLANE != 0 && planes < crate::layout::MAX_PLANES {
            world.columns.plane_ids.set(planes, i as u32);
            planes += 1;
        }
    }
    planes
}
