//! `integrateVelocities`: the kick. v ← v/(1 + dt·damping) + a·dt for dynamic bodies, ω likewise with τ/I, I = ⅖ m r².
//!
//! Also measures each body's `reach` (the radius that covers its whole motion in the step), and sees whether it is still inside the one that the
//! pairs were listed with (`keep`). A block writes the elements of its own entities.

use super::forces::{bounded, MAX_SPEED};
use super::keep;
use super::solver_body::{unlocked, world_inverse_inertia, LOCK_X};
use crate::column::Column;
use crate::geometry::vector::*;
use crate::layout::{BLOCK, OCTAVES};
use crate::shapes;
use crate::wide::{Real, Real4, Vector4, Word4, LANES};
use crate::world::{flag, tally, World};

/// A contact exists from a gap of `MARGIN · (ra + rb)` on.
pub const MARGIN: Real = 0.005;
/// Share of a moving body's reach that covers rounding.
const SLACK: Real = 1.0001;

/// Runs the stage.
pub fn run(world: &mut World) {
    let world = &*world;
    world.jobs.run(world.parameters.blocks, |block| kick(world, block));
}

/// Inverse moment of inertia of spheres.
#[inline(always)]
pub fn inverse_inertia(mass: Real4, radius: Real4) -> Real4 {
    Real4::splat(1.0) / (Real4::splat(0.4) * mass * radius * radius)
}

fn kick(world: &World, block: usize) {
    let c = &world.columns;
    let dt = Real4::splat(world.parameters.dt);
    let framed = world.tally(block, tally::FRAMED) != 0;
    let gravity = world.parameters.gravity;
    let fall = (gravity[0] * gravity[0] + gravity[1] * gravity[1] + gravity[2] * gravity[2]).sqrt() * world.parameters.dt;
    let (mut quarantined, mut bullets, mut movers) = (0, 0, 0);
    let (mut speeds, mut radii) = (Real4::splat(0.0), Real4::splat(0.0));
    let (mut strayed, mut strays) = (!world.kept.valid, 0);
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        if !live.any() {
            strayed = strayed || c.kept_live.load(i).any();
            continue;
        }
        let mut velocity = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
        let dynamic = live.has(flag::DYNAMIC);
        let (mass, radius) = (c.mass.load(i), c.radius.load(i));
        if dynamic.any() {
            let a = Vector4::new(c.acceleration_x.load(i), c.acceleration_y.load(i), c.acceleration_z.load(i));
            let kicked = velocity.scale(damping(dt, c.linear_damping.load(i))) + a.scale(dt);
            let before = Vector4::new(c.angular_x.load(i), c.angular_y.load(i), c.angular_z.load(i));
            let torque = Vector4::new(c.torque_x.load(i), c.torque_y.load(i), c.torque_z.load(i));
            let rate = inverse_inertia(mass, radius) * dt;
            let spun = before.scale(damping(dt, c.angular_damping.load(i))) + torque.scale(rate);
            // A force beyond reason: the body sits this step out rather than carry an infinity to its neighbours.
            let tame = bounded(kicked, 2.0 * MAX_SPEED) & bounded(spun, 2.0 * MAX_SPEED);
            let wild = dynamic.without(tame);
            if wild.any() {
                c.live.store(i, live.keep(live.has(flag::BODY).without(wild)));
                quarantined += wild.bits().count_ones() as usize;
            }
            let turned = dynamic & tame;
            velocity = kicked.select(turned, velocity);
            c.velocity_x.store(i, velocity.x);
            c.velocity_y.store(i, velocity.y);
            c.velocity_z.store(i, velocity.z);
            let angular = spun.select(turned, before);
            c.angular_x.store(i, angular.x);
            c.angular_y.store(i, angular.y);
            c.angular_z.store(i, angular.z);
        }
        if framed && live.has(FRAMED).any() {
            for (lane, flags) in live.to_array().into_iter().enumerate() {
                if flags & FRAMED != 0 {
                    frame(world, i + lane, flags);
                    strayed = strayed || (flags & flag::SHAPED != 0 && keep::box_strayed(world, i + lane));
                }
            }
            velocity = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
        }
        // Without those that have just been quarantined: they have no part in how lists are padded.
        let alive = c.live.load(i);
        let moves = alive.has(flag::DYNAMIC | flag::KINEMATIC);
        let mut speed = velocity.dot(velocity).sqrt().keep(moves);
        let sleeps = live.has(flag::ASLEEP);
        if sleeps.any() {
            // A sleeper may wake in this very step; then it falls.
            speed = sleeps.select(Real4::splat(fall), speed);
        }
        let reach = radius * Real4::splat(1.0 + MARGIN) + speed * dt * Real4::splat(SLACK);
        c.reach.store(i, reach);
        let swept = alive.has(flag::BULLET);
        let listed = moves.without(swept);
        bullets += swept.bits().count_ones();
        movers += listed.bits().count_ones();
        speeds = speeds + speed.keep(listed);
        radii = radii + radius.keep(listed);
        if !strayed {
            let [changed, left] = keep::compare(world, i, alive, reach);
            strayed = changed.any();
            if left.any() {
                strays += left.bits().count_ones();
                c.live.store(i, alive | Word4::splat(flag::STRAY).keep(left));
            }
        }
    }
    world.set_tally(block, tally::BULLETS, bullets as usize);
    world.set_tally(block, tally::MOVERS, movers as usize);
    world.set_tally(block, tally::SPEED, sum_of(speeds).to_bits() as usize);
    world.set_tally(block, tally::RADIUS, sum_of(radii).to_bits() as usize);
    world.set_tally(block, tally::STRAYED, strayed as usize);
    world.set_tally(block, tally::STRAYS, strays as usize);
    if quarantined > 0 {
        world.set_tally(block, tally::QUARANTINED, world.tally(block, tally::QUARANTINED) + quarantined);
    }
}

/// Sum of four lanes, finite.
fn sum_of(v: Real4) -> f32 {
    let [a, b, c, d] = v.to_array();
    ((a + b + c + d) as f32).min(f32::MAX)
}

/// Bodies that want more than the wide kick.
const FRAMED: u32 = flag::SHAPED | flag::LOCKS;

/// What the kick of a sphere does not cover: torque through the whole inertia tensor, locked axes, the box of a shape's motion.
fn frame(world: &World, e: usize, flags: u32) {
    let c = &world.columns;
    let dt = world.parameters.dt;
    let vector = |columns: [&Column<Real>; 3]| columns.map(|column| column.get(e));
    let put = |columns: [&Column<Real>; 3], v: Vec3| columns.into_iter().zip(v).for_each(|(column, v)| column.set(e, v));
    let (velocity, angular) = ([&c.velocity_x, &c.velocity_y, &c.velocity_z], [&c.angular_x, &c.angular_y, &c.angular_z]);
    let torque = vector([&c.torque_x, &c.torque_y, &c.torque_z]);
    if flags & flag::DYNAMIC != 0 && (torque != [0.0; 3] || flags & flag::LOCKS != 0) {
        // The wide kick took the body for a sphere.
        let rate = inverse_inertia(Real4::splat(c.mass.get(e)), Real4::splat(c.radius.get(e))).to_array()[0] * dt;
        let before = add_scaled(vector(angular), torque, -rate);
        let spun = add_scaled(before, transform(&world_inverse_inertia(world, e), torque), dt);
        put(angular, unlocked(flags, LOCK_X[1], spun));
        put(velocity, unlocked(flags, LOCK_X[0], vector(velocity)));
        let acceleration = [&c.acceleration_x, &c.acceleration_y, &c.acceleration_z];
        put(acceleration, unlocked(flags, LOCK_X[0], vector(acceleration)));
    }
    if flags & flag::SHAPED == 0 {
        return;
    }
    let (low, high) = shapes::bounds(world, c.shape.get(e) as usize);
    let half: Vec3 = core::array::from_fn(|k| low[k].abs().max(high[k].abs()));
    let turned = axes(shapes::body_pose(world, e).rotation);
    let v = vector(velocity);
    let moving = flags & (flag::DYNAMIC | flag::KINEMATIC) != 0;
    // A turning body stays inside its bounding radius.
    let spin = if moving { c.radius.get(e) * length(vector(angular)) * dt } else { 0.0 };
    let size = size_of(world, e);
    let margin = if size < Real::INFINITY { 2.0 * MARGIN * size } else { 0.0 };
    let extent: Vec3 = core::array::from_fn(|k| {
        let flat = turned[0][k].abs() * half[0] + turned[1][k].abs() * half[1] + turned[2][k].abs() * half[2];
        let swung = (flat + spin).min(c.radius.get(e).max(flat));
        swung + margin + if moving { v[k].abs() * dt * SLACK } else { 0.0 }
    });
    put([&c.extent_x, &c.extent_y, &c.extent_z], extent);
}

/// The size that a body's contact margin goes by: the radius, but of a shape no more than its smallest full extent; level geometry and planes
/// leave it to the other body.
pub fn size_of(world: &World, e: usize) -> Real {
    let c = &world.columns;
    let flags = c.live.get(e);
    if flags & flag::PLANE != 0 {
        return Real::INFINITY;
    }
    if flags & flag::SHAPED == 0 {
        return c.radius.get(e);
    }
    let shape = c.shape.get(e) as usize;
    if matches!(shapes::kind_of(world, shape), shapes::kind::MESH | shapes::kind::HEIGHT_FIELD) {
        return Real::INFINITY;
    }
    let (low, high) = shapes::bounds(world, shape);
    (high[0] - low[0]).min(high[1] - low[1]).min(high[2] - low[2]).min(c.radius.get(e))
}

/// 1/(1 + dt·damping); damping below zero counts as none.
#[inline(always)]
fn damping(dt: Real4, rate: Real4) -> Real4 {
    let one = Real4::splat(1.0);
    one / (one + dt * rate.max(Real4::splat(0.0)))
}

/// Half-octave of a magnitude, clamped to the table: 2⁻¹⁶ … 2¹⁶ m.
#[inline(always)]
pub fn half_octave(v: Real) -> usize {
    ((((v.abs() as f32).to_bits() >> 22) as i32) - (111 << 1)).clamp(0, OCTAVES as i32 - 1) as usize
}

/// Upper end of a half-octave.
pub fn half_octave_end(index: usize) -> Real {
    f32::from_bits((((index as i32) + (111 << 1) + 1) as u32) << 22) as Real
}
