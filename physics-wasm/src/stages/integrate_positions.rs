//! `integratePositions`: the drift. Free dynamic bodies x += dt·(v − a·dt/2), the mean of the velocities before and after the kick; kinematic
//! bodies x += dt·v; touched bodies were moved by `solve`; bullets are moved by `sweep`. Orientations q ← normalise(q + ½ dt (ω, 0) ⊗ q).
//! Applied forces end here. A block writes the elements of its own entities.

use crate::layout::BLOCK;
use crate::wide::{Mask4, Real4, Vector4, LANES};
use crate::world::{flag, tally, World};

/// Runs the stage.
pub fn run(world: &mut World) {
    let world = &*world;
    world.jobs.run(world.parameters.blocks, |block| drift(world, block));
}

fn drift(world: &World, block: usize) {
    let c = &world.columns;
    let dt = Real4::splat(world.parameters.dt);
    let half = Real4::splat(0.5 * world.parameters.dt);
    let forced = world.tally(block, tally::FORCED) != 0;
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        if forced {
            clear_forces(world, i);
        }
        let moves = live.has(flag::DYNAMIC | flag::KINEMATIC);
        if !moves.any() {
            continue;
        }
        let slots = c.slot.load(i);
        let free = moves.without(live.has(flag::BULLET) | (slots.has(u32::MAX) & live.has(flag::DYNAMIC)));
        if free.any() {
            let v = Vector4::new(c.velocity_x.load(i), c.velocity_y.load(i), c.velocity_z.load(i));
            let a = Vector4::new(c.acceleration_x.load(i), c.acceleration_y.load(i), c.acceleration_z.load(i));
            let x = Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i));
            let x = (x + (v - a.scale(half)).scale(dt)).select(free, x);
            c.position_x.store(i, x.x);
            c.position_y.store(i, x.y);
            c.position_z.store(i, x.z);
        }
        if slots.any() {
            c.slot.store(i, crate::wide::Word4::splat(0));
        }
        turn(world, i, moves, half);
    }
}

/// Turns the bodies of four lanes by their angular velocity. (Rapier and Box2D integrate orientations the same way.)
#[inline(always)]
fn turn(world: &World, i: usize, moves: Mask4, half: Real4) {
    let c = &world.columns;
    let w = Vector4::new(c.angular_x.load(i) * half, c.angular_y.load(i) * half, c.angular_z.load(i) * half);
    let q = Vector4::new(c.rotation_x.load(i), c.rotation_y.load(i), c.rotation_z.load(i));
    let s = c.rotation_w.load(i);
    let turned = q + w.scale(s) + w.cross(q);
    let real = s - w.dot(q);
    let length2 = turned.dot(turned) + real * real;
    let sound = moves & length2.gt(Real4::splat(0.0));
    let inverse = Real4::splat(1.0) / length2.sqrt();
    let turned = turned.scale(inverse).select(sound, q);
    c.rotation_x.store(i, turned.x);
    c.rotation_y.store(i, turned.y);
    c.rotation_z.store(i, turned.z);
    c.rotation_w.store(i, sound.select(real * inverse, s));
}

/// Applied forces and torques last for one step.
#[inline(always)]
fn clear_forces(world: &World, i: usize) {
    let c = &world.columns;
    let zero = Real4::splat(0.0);
    for column in [&c.force_x, &c.force_y, &c.force_z, &c.torque_x, &c.torque_y, &c.torque_z] {
        column.store(i, zero);
    }
}
