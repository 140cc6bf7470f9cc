//! `integratePositions`: the drift. Free dynamic bodies x += dt·(v − a·dt/2), the mean of the velocities before and after the kick; kinematic
//! bodies x += dt·v; touched bodies were moved by `solve`; bullets are moved by `sweep`. Orientations q ← normalise(q + ½ dt (ω, 0) ⊗ q).
//! Applied forces end here. A block writes the elements of its own entities.

use super::solver_body::{unlocked, FRAMED, LOCK_X};
use crate::geometry::spin;
use crate::layout::BLOCK;
use crate::shapes;
use crate::wide::{Mask4, Real4, Vector4, LANES};
use crate::world::{counter, flag, tally, World};

/// Runs the stage.
pub fn run(world: &mut World) {
    let world = &*world;
    world.jobs.run(world.parameters.blocks, |block| drift(world, block));
}

fn drift(world: &World, block: usize) {
    let c = &world.columns;
    let dt = Real4::splat(world.parameters.dt);
    let half = Real4::splat(0.5 * world.parameters.dt);
    let swept = world.count(counter::BULLETS) > 0;
    let start = [&c.start_x, &c.start_y, &c.start_z];
    let forced = world.tally(block, tally::FORCED) != 0;
    let shown = world.parameters.shown;
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
            if swept {
                start.into_iter().zip([x.x, x.y, x.z]).for_each(|(column, x)| column.store(i, free.select(x, column.load(i))));
            }
            let way = (v - a.scale(half)).scale(dt);
            if shown {
                for (column, way) in [&c.moved_x, &c.moved_y, &c.moved_z].into_iter().zip([way.x, way.y, way.z]) {
                    column.store(i, free.select(way, column.load(i)));
                }
            }
            let x = (x + way).select(free, x);
            c.position_x.store(i, x.x);
            c.position_y.store(i, x.y);
            c.position_z.store(i, x.z);
        }
        if slots.any() {
            c.slot.store(i, crate::wide::Word4::splat(0));
        }
        let solved = slots.has(u32::MAX) & live.has(flag::DYNAMIC);
        let framed = live.has(FRAMED);
        // The solver turned what is framed and touched; a free shape tumbles by its whole inertia tensor.
        let tumbling = live.has(flag::SHAPED) & live.has(flag::DYNAMIC);
        turn(world, i, moves.without(framed & solved | tumbling), half);
        let mut bits = (tumbling & moves.without(solved)).bits();
        while bits != 0 {
            tumble(world, i + bits.trailing_zeros() as usize);
            bits &= bits - 1;
        }
        if shown {
            let spun = moves.without(framed & solved);
            for (column, w) in [(&c.turned_x, &c.angular_x), (&c.turned_y, &c.angular_y), (&c.turned_z, &c.angular_z)] {
                column.store(i, spun.select(w.load(i) * dt, column.load(i)));
            }
        }
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

/// Turns a free shape; its angular momentum stays as it is.
#[inline(never)]
fn tumble(world: &World, e: usize) {
    let c = &world.columns;
    let (shape, dt) = (c.shape.get(e) as usize, world.parameters.dt);
    let (q, w) = (shapes::body_pose(world, e).rotation, [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)]);
    let inertia = shapes::unit_inertia(world, shape);
    let (q, w) = if spin::isotropic(&inertia) {
        (spin::turn(q, w, dt), w)
    } else {
        spin::tumble(q, w, dt, &inertia, &shapes::inverse_unit_inertia(world, shape))
    };
    let w = unlocked(c.live.get(e), LOCK_X[1], w);
    for (column, v) in [&c.rotation_x, &c.rotation_y, &c.rotation_z, &c.rotation_w].into_iter().zip(q) {
        column.set(e, v);
    }
    for (column, v) in [&c.angular_x, &c.angular_y, &c.angular_z].into_iter().zip(w) {
        column.set(e, v);
    }
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
