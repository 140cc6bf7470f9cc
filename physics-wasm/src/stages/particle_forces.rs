//! What moves particles besides drag and uniform gravity: the pull of the long-range sources, and turbulence.
//!
//! **Turbulence** is a sum of two flows of Arnold, Beltrami and Childress, the second turned and finer. Each component of such a flow depends on the
//! other two coordinates alone, so it has no sources and no sinks whatever the wave is; here it is a chain of parabolas, which needs no sine.
//! Its mean square is one.
//!
//! **Attraction** takes the sources of gravity where they are at the end of the step: the heaviest one by one, the rest as one body at its centre
//! of mass.

use super::particle_system::*;
use crate::layout::BLOCK;
use crate::wide::Float4;
use crate::world::{counter, flag, tally, World};

/// Sources that attract particles one by one.
const SOURCES: usize = 128;

/// Notes the sources of this step, if some system is attracted.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn list_sources(world: &mut World) {
    let wanted = (1..systems(world)).any(|s| flags_of(world, s) & bit::ATTRACTED != 0);
    world.set_count(counter::ATTRACTORS, 0);
    if !wanted || world.parameters.g == 0.0 {
        return;
    }
    let c = &world.columns;
    let attracts = |e: &usize| c.live.get(*e) & flag::ATTRACTS != 0;
    let sources = || {
        let blocks = (0..world.parameters.blocks).filter(|block| world.tally(*block, tally::SOURCES) > 0);
        blocks.flat_map(|block| block * BLOCK..(block + 1) * BLOCK).filter(attracts)
    };
    // Sources by the exponent of their mass: those of the highest exponents act one by one, as far as there is room.
    let mut counts = [0usize; 256];
    let exponent = |e: usize| (c.mass.get(e) as f32).to_bits() as usize >> 23 & 255;
    sources().for_each(|e| counts[exponent(e)] += 1);
    let (mut least, mut sum) = (256, 0);
    while least > 0 && sum + counts[least - 1] < SOURCES {
        least -= 1;
        sum += counts[least];
    }
    let (mut at, mut rest) = (0, [0.0f64; 4]);
    for e in sources() {
        let (place, mass) = ([c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)], c.mass.get(e));
        if exponent(e) >= least {
            write_source(world, at, place.map(|v| v as f64), mass as f64);
            at += 1;
        } else {
            for axis in 0..3 {
                rest[axis] += place[axis] as f64 * mass as f64;
            }
            rest[3] += mass as f64;
        }
    }
    if rest[3] > 0.0 {
        write_source(world, at, [0, 1, 2].map(|axis| rest[axis] / rest[3]), rest[3]);
        at += 1;
    }
    world.set_count(counter::ATTRACTORS, at);
}

fn write_source(world: &World, at: usize, place: [f64; 3], mass: f64) {
    let c = &world.columns;
    let values = [place[0], place[1], place[2], mass * world.parameters.g as f64];
    for (column, value) in [&c.source_x, &c.source_y, &c.source_z, &c.source_gm].into_iter().zip(values) {
        column.set(at, value as crate::wide::Real);
    }
}

/// Acceleration of particles of one system.
pub struct Field<'a> {
    world: &'a World,
    sources: usize,
    share: f32,
    turbulent: bool,
    strength: f32,
    scale: f32,
    phase: [f32; 3],
}

impl<'a> Field<'a> {
    /// That of a system.
    pub fn of(world: &'a World, s: usize) -> Self {
        let flags = flags_of(world, s);
        let [strength, scale] = reals_of(world, s, real::TURBULENCE);
        let phase = real_of(world, s, real::PHASE);
        Self {
            world,
            sources: if flags & bit::ATTRACTED != 0 { world.count(counter::ATTRACTORS) } else { 0 },
            share: real_of(world, s, real::ATTRACTION),
            turbulent: flags & bit::TURBULENT != 0,
            strength: 0.5 * strength,
            scale,
            phase: [phase, 2.0 * phase, -phase],
        }
    }

    /// Acceleration at four places.
    #[inline(always)]
    pub fn at(&self, p: [Float4; 3]) -> [Float4; 3] {
        let mut sum = if self.turbulent { self.swirl(p) } else { [Float4::splat(0.0); 3] };
        let c = &self.world.columns;
        let softening2 = Float4::splat(self.world.parameters.softening2 as f32);
        let near = Float4::splat(self.world.parameters.min_distance2 as f32);
        for k in 0..self.sources {
            let source = [&c.source_x, &c.source_y, &c.source_z].map(|column| Float4::splat(column.get(k) as f32));
            let d: [Float4; 3] = core::array::from_fn(|axis| source[axis] - p[axis]);
            let distance2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            let r2 = distance2 + softening2;
            let pull = (Float4::splat(c.source_gm.get(k) as f32 * self.share) / (r2 * r2.sqrt())).keep(distance2.ge(near));
            for axis in 0..3 {
                sum[axis] = sum[axis] + d[axis] * pull;
            }
        }
        sum
    }

    #[inline(always)]
    fn swirl(&self, p: [Float4; 3]) -> [Float4; 3] {
        let q = p.map(|v| v * Float4::splat(self.scale));
        let large = flow(q, self.phase, self.strength);
        // A rotation, and nearly twice as fine.
        let third = Float4::splat(1.9 / 3.0);
        let two = Float4::splat(2.0);
        let r = [(q[0] - q[1]) * two + q[2], q[0] + (q[1] + q[2]) * two, (q[2] - q[0]) * two - q[1]].map(|v| v * third);
        let fine = flow(r, [-self.phase[0], self.phase[2], self.phase[1]], 0.5 * self.strength / 3.0);
        let back = [(fine[0] - fine[2]) * two + fine[1], (fine[1] - fine[0]) * two - fine[2], fine[0] + (fine[1] + fine[2]) * two];
        core::array::from_fn(|axis| large[axis] + back[axis])
    }
}

/// A flow of Arnold, Beltrami and Childress with period 1.
#[inline(always)]
fn flow(p: [Float4; 3], phase: [f32; 3], strength: f32) -> [Float4; 3] {
    let strength = Float4::splat(strength);
    let sines: [Float4; 3] = core::array::from_fn(|axis| wave(p[axis] + Float4::splat(phase[axis])));
    let cosines: [Float4; 3] = core::array::from_fn(|axis| wave(p[axis] + Float4::splat(0.25 - phase[axis])));
    [(sines[2] + cosines[1]) * strength, (sines[0] + cosines[2]) * strength, (sines[1] + cosines[0]) * strength]
}

/// A smooth wave of period 1 between −1 and 1, like a sine but of parabolas.
#[inline(always)]
fn wave(x: Float4) -> Float4 {
    // The nearest whole number, as long as there is one below 2²²; beyond, the wave is flat.
    let magic = Float4::splat(12_582_912.0);
    let f = x - ((x + magic) - magic);
    let size = f.max(-f);
    f * (Float4::splat(8.0) - Float4::splat(16.0) * size).keep(size.le(Float4::splat(0.5)))
}
