//! `pack`: what the GPU draws, in the form it takes: bodies by instance group, particles in order, positions relative to an origin.
//!
//! A body is twelve floats: x, y, z, scale | quaternion | vx, vy, vz, tint. Particles: `particle_pack`.
//! Groups that ask for it have the scale of each axis in a column of its own: x, y, z, 0.
//! Blocks count their bodies of each group, the counts become places, blocks write. So a group's instances are in entity order.

use super::{particle_pack, shown};
use crate::layout::{BLOCK, BODY_STRIDE, MAX_GROUPS};
use crate::step::PACK;
use crate::wide::{transpose, Real, Real4, LANES};
use crate::world::{counter, flag, World};

const GROUPS: usize = MAX_GROUPS + 1;

/// Packs everything relative to `origin`, as it was `share` of the last step ago.
pub fn run(world: &mut World, origin: [Real; 3], share: Real, threads: u32) {
    world.read_settings(world.parameters.dt);
    world.jobs.begin(threads);
    world.start_clock();
    world.timed(PACK, |world| pack(world, origin, share));
    world.jobs.end();
}

fn pack(world: &mut World, origin: [Real; 3], share: Real) {
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| count(world, block));
    }
    let dropped = place(world);
    world.set_count(counter::DROPPED_INSTANCES, dropped);
    let particles = particle_pack::place(world);
    let behind = share * world.parameters.dt;
    let world = &*world;
    world.jobs.run(blocks + particles, |block| {
        if block < blocks {
            write_bodies(world, block, origin, share);
        } else {
            particle_pack::write(world, block - blocks, origin, behind);
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

fn write_bodies(world: &World, block: usize, origin: [Real; 3], share: Real) {
    let c = &world.columns;
    let mut next: [usize; GROUPS] = core::array::from_fn(|group| c.group_counts.get(block * GROUPS + group) as usize);
    let origin = origin.map(Real4::splat);
    for at in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let mut drawn = (c.flags.load(at).has(flag::BODY) & c.instance_group.load(at).has(u32::MAX)).bits();
        if drawn == 0 {
            continue;
        }
        let mut pose =
            [&c.position_x, &c.position_y, &c.position_z, &c.rotation_x, &c.rotation_y, &c.rotation_z, &c.rotation_w].map(|v| v.load(at));
        if share > 0.0 {
            shown::take_back(world, at, share, &mut pose);
        }
        let [x, y, z, qx, qy, qz, qw] = pose;
        let rows = [
            transpose([x - origin[0], y - origin[1], z - origin[2], c.scale_x.load(at)]),
            transpose([qx, qy, qz, qw]),
            transpose([c.velocity_x.load(at), c.velocity_y.load(at), c.velocity_z.load(at), c.tint.load(at)]),
        ];
        while drawn != 0 {
            let lane = drawn.trailing_zeros() as usize;
            drawn &= drawn - 1;
            let group = group_of(world, at + lane);
            let (start, end) = (c.group_start.get(group - 1) as usize, c.group_start.get(group) as usize);
            let index = start + next[group];
            next[group] += 1;
            if index >= end {
                continue;
            }
            for (k, row) in rows.iter().enumerate() {
                c.instances.store(index * BODY_STRIDE + 4 * k, row[lane].narrow());
            }
            let scales = c.group_scale.get(group) as usize;
            if scales > 0 {
                let scale = [&c.scale_x, &c.scale_y, &c.scale_z].map(|column| column.get(at + lane));
                c.instance_scales.store(4 * (scales - 1 + index - start), Real4::from_array([scale[0], scale[1], scale[2], 0.0]).narrow());
            }
        }
    }
}
