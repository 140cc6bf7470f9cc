//! `pack`: what the GPU draws, in the form it takes: bodies by instance group, particles in order, positions relative to an origin.
//!
//! A body is twelve floats: x, y, z, scale | quaternion | vx, vy, vz, tint. A particle is eight: x, y, z, size | r, g, b, fade.
//! Groups that ask for it have the scale of each axis in a column of its own: x, y, z, 0.
//! Blocks count their bodies of each group, the counts become places, blocks write. So a group's instances are in entity order.

use crate::layout::{BLOCK, BODY_STRIDE, MAX_GROUPS, PARTICLE_STRIDE};
use crate::step::PACK;
use crate::wide::{Float4, Real, Real4, LANES};
use crate::world::{counter, flag, World};

const GROUPS: usize = MAX_GROUPS + 1;

/// Packs everything relative to `origin`, shown `behind` seconds before the end of the step.
pub fn run(world: &mut World, origin: [Real; 3], behind: Real, threads: u32) {
    world.read_settings(world.parameters.dt);
    world.jobs.begin(threads);
    world.start_clock();
    world.timed(PACK, |world| pack(world, origin, behind));
    world.jobs.end();
}

fn pack(world: &mut World, origin: [Real; 3], behind: Real) {
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| count(world, block));
    }
    let dropped = place(world);
    world.set_count(counter::DROPPED_INSTANCES, dropped);
    let particles = world.count(counter::PARTICLES);
    let world = &*world;
    world.jobs.run(blocks + particles.div_ceil(BLOCK), |block| {
        if block < blocks {
            write_bodies(world, block, origin, behind);
        } else {
            write_particles(world, (block - blocks) * BLOCK, particles, origin, behind);
        }
    });
}

/// The instance group of a body, 0 for what is not drawn.
#[inline(always)]
fn group_of(world: &World, e: usize) -> usize {
    if world.columns.flags.get(e) & flag::BODY == 0 {
        return 0;
    }
    (world.columns.instance_group.get(e) as usize).min(MAX_GROUPS)
}

fn count(world: &World, block: usize) {
    let mut counts = [0u32; GROUPS];
    for e in block * BLOCK..(block + 1) * BLOCK {
        counts[group_of(world, e)] += 1;
    }
    for (group, count) in counts.into_iter().enumerate() {
        world.columns.group_counts.set(block * GROUPS + group, count);
    }
}

/// Turns counts into places; gives how many bodies found none.
fn place(world: &mut World) -> usize {
    let c = &world.columns;
    let mut next = [0u32; GROUPS];
    for block in 0..world.parameters.blocks {
        for (group, place) in next.iter_mut().enumerate() {
            let at = block * GROUPS + group;
            let count = c.group_counts.get(at);
            c.group_counts.set(at, *place);
            *place += count;
        }
    }
    let mut dropped = 0;
    for (group, wanted) in next.into_iter().enumerate().skip(1) {
        let room = c.group_start.get(group) - c.group_start.get(group - 1);
        c.group_count.set(group, wanted.min(room));
        dropped += wanted.saturating_sub(room) as usize;
    }
    dropped
}

fn write_bodies(world: &World, block: usize, origin: [Real; 3], behind: Real) {
    let c = &world.columns;
    let mut next: [usize; GROUPS] = core::array::from_fn(|group| c.group_counts.get(block * GROUPS + group) as usize);
    for e in block * BLOCK..(block + 1) * BLOCK {
        let group = group_of(world, e);
        if group == 0 {
            continue;
        }
        let (start, end) = (c.group_start.get(group - 1) as usize, c.group_start.get(group) as usize);
        let index = start + next[group];
        next[group] += 1;
        if index >= end {
            continue;
        }
        let back = if c.flags.get(e) & (flag::DYNAMIC | flag::KINEMATIC) != 0 { behind } else { 0.0 };
        let v = [c.velocity_x.get(e), c.velocity_y.get(e), c.velocity_z.get(e)];
        let row = |k: usize, v: [Real; 4]| c.instances.store(index * BODY_STRIDE + 4 * k, Real4::from_array(v).narrow());
        row(
            0,
            [
                c.position_x.get(e) - origin[0] - v[0] * back,
                c.position_y.get(e) - origin[1] - v[1] * back,
                c.position_z.get(e) - origin[2] - v[2] * back,
                c.scale_x.get(e),
            ],
        );
        row(1, [c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e)]);
        row(2, [v[0], v[1], v[2], c.tint.get(e)]);
        let scales = c.group_scale.get(group) as usize;
        if scales > 0 {
            let scale = [c.scale_x.get(e), c.scale_y.get(e), c.scale_z.get(e), 0.0];
            c.instance_scales.store(4 * (scales - 1 + index - start), Real4::from_array(scale).narrow());
        }
    }
}

fn write_particles(world: &World, start: usize, count: usize, origin: [Real; 3], behind: Real) {
    let c = &world.columns;
    let behind = Float4::splat(behind as f32);
    let relative = |place: Float4, axis: usize| (Real4::widen(place) - Real4::splat(origin[axis])).narrow();
    for i in (start..(start + BLOCK).min(count)).step_by(LANES) {
        let x = relative(c.particle_x.load(i), 0) - c.particle_vx.load(i) * behind;
        let y = relative(c.particle_y.load(i), 1) - c.particle_vy.load(i) * behind;
        let z = relative(c.particle_z.load(i), 2) - c.particle_vz.load(i) * behind;
        let fade = (c.particle_left.load(i) * c.particle_rate.load(i)).min(Float4::splat(1.0)).max(Float4::splat(0.0));
        let places = Float4::transpose([x, y, z, c.particle_size.load(i)]);
        let colours = Float4::transpose([c.particle_r.load(i), c.particle_g.load(i), c.particle_b.load(i), fade]);
        for lane in 0..LANES.min(count - i) {
            c.particle_instances.store((i + lane) * PARTICLE_STRIDE, places[lane]);
            c.particle_instances.store((i + lane) * PARTICLE_STRIDE + 4, colours[lane]);
        }
    }
}
