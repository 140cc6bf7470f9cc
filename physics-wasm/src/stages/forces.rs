//! `forces`: which bodies take part, and the acceleration of each: uniform gravity, applied force, direct long range.
//!
//! Reads the public columns; writes `live`, `acceleration` and the tallies of its own block. A body with a value that is not finite, a speed
//! above `MAX_SPEED`, or a dynamic one without positive mass, is quarantined: it takes no part in this step and returns as soon as its values are sound.
//!
//! Long range is a direct sum, sources × targets, at the mid-point `x + v·dt/2` of the step (drift–kick–drift leapfrog). The factor is
//! `1 / (r² √r²)` by square root and division: 1.25e9 pairs a second on one thread, more than the integer trick with two Newton steps.

use crate::layout::BLOCK;
use crate::wide::{Float4, Mask4, Vector4, Word4, LANES};
use crate::world::{counter, flag, tally, World};

/// Targets a block of the direct sum has when there are many sources.
const TARGETS: usize = 64;
/// Fastest sound body, m/s, and fastest spin, rad/s. A faster one would pass infinities on to those it touches.
pub const MAX_SPEED: f32 = 1e9;
/// Farthest sound body from the origin, m: beyond, squared distances overflow.
const MAX_DISTANCE: f32 = 1e18;
/// Up to this many sources a block of the direct sum takes a whole block of entities.
const FEW_SOURCES: usize = 32;

/// Runs the stage.
pub fn run(world: &mut World) {
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| mark(world, block));
    }
    sum_tallies(world);
    let sources = world.count(counter::SOURCES);
    if sources == 0 {
        return;
    }
    let world = &*world;
    world.jobs.run(blocks, |block| collect_sources(world, block));
    let size = if sources > FEW_SOURCES { TARGETS } else { BLOCK };
    let charged = (0..sources).any(|i| world.columns.source_kc.get(i) != 0.0);
    world.jobs.run(blocks * BLOCK / size, |block| match charged {
        true => attract::<true>(world, block * size, size, sources),
        false => attract::<false>(world, block * size, size, sources),
    });
}

/// Lanes whose vector is shorter than `limit`; false for what is not finite.
#[inline(always)]
pub fn bounded(v: Vector4, limit: f32) -> Mask4 {
    v.dot(v).lt(Float4::splat(limit * limit))
}

/// `0 · v` is zero for a finite `v` and NaN for any other.
#[inline(always)]
fn sound(values: &[Float4]) -> Mask4 {
    let zero = Float4::splat(0.0);
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
    let (mut bodies, mut quarantined, mut sources, mut planes, mut forced) = (0, 0, 0, 0, false);
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let flags = c.flags.load(i);
        if !flags.any() {
            c.live.store(i, flags);
            continue;
        }
        let force = Vector4::new(c.force_x.load(i), c.force_y.load(i), c.force_z.load(i));
        let torque = Vector4::new(c.torque_x.load(i), c.torque_y.load(i), c.torque_z.load(i));
        let (mass, radius) = (c.mass.load(i), c.radius.load(i));
        let velocity = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
        let angular = Vector4::new(c.angular_x.load(i), c.angular_y.load(i), c.angular_z.load(i));
        let position = Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i));
        let fine = sound(&[
            c.rotation_x.load(i),
            c.rotation_y.load(i),
            c.rotation_z.load(i),
            c.rotation_w.load(i),
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
        ]) & bounded(velocity, MAX_SPEED)
            & bounded(angular, MAX_SPEED)
            & bounded(position, MAX_DISTANCE);
        let zero = Float4::splat(0.0);
        let is_body = flags.has(flag::BODY);
        // Mass and moment of inertia must have an inverse; a radius must have a square.
        let (least, most) = (Float4::splat(f32::MIN_POSITIVE), Float4::splat(1.0 / f32::MIN_POSITIVE));
        let inertia = mass * radius * radius;
        let massless = flags.has(flag::DYNAMIC) & (mass.lt(least) | mass.gt(most) | inertia.lt(least) | inertia.gt(most));
        let sizeless = (radius.le(zero) | radius.gt(Float4::splat(MAX_DISTANCE))).without(flags.has(flag::PLANE));
        let live = (is_body & fine).without(massless | sizeless);
        c.live.store(i, flags.keep(live));
        let acceleration = gravity.scale(c.gravity_scale.load(i)) + force.scale(Float4::splat(1.0) / mass);
        let moved = live & flags.has(flag::DYNAMIC);
        c.acceleration_x.store(i, acceleration.x.keep(moved));
        c.acceleration_y.store(i, acceleration.y.keep(moved));
        c.acceleration_z.store(i, acceleration.z.keep(moved));
        forced |= pushed(&force, &torque).any();
        bodies += is_body.bits().count_ones();
        quarantined += is_body.without(live).bits().count_ones();
        planes += (live & flags.has(flag::PLANE)).bits().count_ones();
        sources += source_mask(world, i, flags.keep(live)).bits().count_ones();
    }
    world.set_tally(block, tally::BODIES, bodies as usize);
    world.set_tally(block, tally::QUARANTINED, quarantined as usize);
    world.set_tally(block, tally::SOURCES, sources as usize);
    world.set_tally(block, tally::PLANES, planes as usize);
    world.set_tally(block, tally::FORCED, forced as usize);
}

/// Lanes with a force or torque that is not zero (a NaN counts: it must be cleared too).
#[inline(always)]
fn pushed(force: &Vector4, torque: &Vector4) -> Mask4 {
    let zero = Float4::splat(0.0);
    let all = Word4::splat(u32::MAX).has(1);
    let still = force.x.eq(zero) & force.y.eq(zero) & force.z.eq(zero) & torque.x.eq(zero) & torque.y.eq(zero) & torque.z.eq(zero);
    all.without(still)
}

/// Lanes that are sources: those that attract while G is not zero, those that are charged while k is not zero.
#[inline(always)]
fn source_mask(world: &World, i: usize, live: Word4) -> Mask4 {
    let p = &world.parameters;
    let none = live.has(0);
    let attracts = if p.g != 0.0 { live.has(flag::ATTRACTS) } else { none };
    let zero = Float4::splat(0.0);
    let charge = world.columns.charge.load(i);
    let charged = if p.k != 0.0 { live.has(flag::BODY) & (charge.lt(zero) | charge.gt(zero)) } else { none };
    attracts | charged
}

/// Adds the blocks' tallies up and lists the planes, in entity order.
fn sum_tallies(world: &mut World) {
    let (mut sum, mut planes) = ([0usize; 3], 0);
    for block in 0..world.parameters.blocks {
        world.set_tally(block, tally::SOURCE_START, sum[2]);
        for (slot, index) in [tally::BODIES, tally::QUARANTINED, tally::SOURCES].into_iter().enumerate() {
            sum[slot] += world.tally(block, index);
        }
        if world.tally(block, tally::PLANES) > 0 {
            planes = list_planes(world, block, planes);
        }
    }
    world.columns.plane_ids.fill(planes, crate::layout::MAX_PLANES - planes, 0);
    world.set_count(counter::BODIES, sum[0]);
    world.set_count(counter::QUARANTINED, sum[1]);
    world.set_count(counter::SOURCES, sum[2]);
}

fn list_planes(world: &World, block: usize, mut planes: usize) -> usize {
    for i in block * BLOCK..(block + 1) * BLOCK {
        if world.columns.live.get(i) & flag::PLANE != 0 && planes < crate::layout::MAX_PLANES {
            world.columns.plane_ids.set(planes, i as u32);
            planes += 1;
        }
    }
    planes
}

/// Writes the sources of one block at their mid-points, in entity order.
fn collect_sources(world: &World, block: usize) {
    if world.tally(block, tally::SOURCES) == 0 {
        return;
    }
    let c = &world.columns;
    let p = &world.parameters;
    let mut at = world.tally(block, tally::SOURCE_START);
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        let mask = source_mask(world, i, live).bits();
        for lane in (0..LANES).filter(|lane| mask & (1 << lane) != 0) {
            let e = i + lane;
            let flags = c.live.get(e);
            let drift = if flags & (flag::DYNAMIC | flag::KINEMATIC) != 0 { 0.5 * p.dt } else { 0.0 };
            c.source_x.set(at, c.position_x.get(e) + c.velocity_x.get(e) * drift);
            c.source_y.set(at, c.position_y.get(e) + c.velocity_y.get(e) * drift);
            c.source_z.set(at, c.position_z.get(e) + c.velocity_z.get(e) * drift);
            c.source_gm.set(at, if flags & flag::ATTRACTS != 0 { p.g * c.mass.get(e) } else { 0.0 });
            c.source_kc.set(at, p.k * c.charge.get(e));
            at += 1;
        }
    }
}

/// Adds the pull of every source to the dynamic bodies among `count` entities from `start`, eight targets at a time.
fn attract<const CHARGED: bool>(world: &World, start: usize, count: usize, sources: usize) {
    let c = &world.columns;
    let half = Float4::splat(0.5 * world.parameters.dt);
    for i in (start..start + count).step_by(2 * LANES) {
        let dynamic = [c.live.load(i).has(flag::DYNAMIC), c.live.load(i + LANES).has(flag::DYNAMIC)];
        if !(dynamic[0] | dynamic[1]).any() {
            continue;
        }
        let target = [i, i + LANES].map(|i| {
            Vector4::new(
                c.position_x.load(i) + c.velocity_x.load(i) * half,
                c.position_y.load(i) + c.velocity_y.load(i) * half,
                c.position_z.load(i) + c.velocity_z.load(i) * half,
            )
        });
        let per_mass = [i, i + LANES].map(|i| if CHARGED { c.charge.load(i) / c.mass.load(i) } else { Float4::splat(0.0) });
        let sum = pull::<CHARGED>(world, &target, &per_mass, sources);
        for (half, i) in [i, i + LANES].into_iter().enumerate() {
            let mask = dynamic[half];
            c.acceleration_x.store(i, c.acceleration_x.load(i) + sum[half].x.keep(mask));
            c.acceleration_y.store(i, c.acceleration_y.load(i) + sum[half].y.keep(mask));
            c.acceleration_z.store(i, c.acceleration_z.load(i) + sum[half].z.keep(mask));
        }
    }
}

/// Acceleration of eight targets by all sources: Σ (G m − k c · c_target / m_target) d / (d² + ε²)^{3/2}.
#[inline(always)]
fn pull<const CHARGED: bool>(world: &World, target: &[Vector4; 2], per_mass: &[Float4; 2], sources: usize) -> [Vector4; 2] {
    let c = &world.columns;
    let softening2 = Float4::splat(world.parameters.softening2);
    let near = Float4::splat(world.parameters.min_distance2);
    let one = Float4::splat(1.0);
    let mut sum = [Vector4::zero(); 2];
    for s in 0..sources {
        let source = Vector4::splat([c.source_x.get(s), c.source_y.get(s), c.source_z.get(s)]);
        let gm = Float4::splat(c.source_gm.get(s));
        let kc = Float4::splat(if CHARGED { c.source_kc.get(s) } else { 0.0 });
        for half in 0..2 {
            let d = source - target[half];
            let distance2 = d.dot(d);
            let r2 = distance2 + softening2;
            let factor = if CHARGED { gm - kc * per_mass[half] } else { gm };
            let pull = (factor * (one / (r2 * r2.sqrt()))).keep(distance2.ge(near));
            sum[half] = sum[half] + d.scale(pull);
        }
    }
    sum
}
