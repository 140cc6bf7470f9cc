//! Measures of the state between steps: energies, momenta, centre of mass. Sums run in f64, block by block in order.

use super::collide::position;
use super::{forces, long_range};
use crate::layout::BLOCK;
use crate::shapes;
use crate::tree::{self, points};
use crate::wide::Real;
use crate::world::{counter, flag, setting, World};

/// Values a block sums: mass, momentum, first moment of mass, energy.
const PARTS: usize = 8;

/// Samples of `error` at most.
pub const MAX_SAMPLES: usize = 1024;

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn vector(columns: [&crate::column::Column<Real>; 3], e: usize) -> [f64; 3] {
    columns.map(|column| column.get(e) as f64)
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Sums `parts(entity)` over the dynamic bodies and writes the sums into `result`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
#[inline(never)]
fn sum(world: &World, parts: &(dyn Fn(usize) -> [f64; PARTS] + Sync)) {
    let c = &world.columns;
    world.jobs.run(world.parameters.blocks, |block| {
        let mut sums = [0.0; PARTS];
        for e in block * BLOCK..(block + 1) * BLOCK {
            if c.flags.get(e) & flag::DYNAMIC != 0 {
                for (sum, part) in sums.iter_mut().zip(parts(e)) {
                    *sum += part;
                }
            }
        }
        for (k, sum) in sums.into_iter().enumerate() {
            c.partial.set(block * PARTS + k, sum);
        }
    });
    for k in 0..PARTS {
        // From +0 on: the empty sum of the standard library is −0.
        let total = (0..world.parameters.blocks).fold(0.0, |sum, block| sum + c.partial.get(block * PARTS + k));
        c.result.set(k, total);
    }
}

/// R I Rᵀ ω per unit mass of a body with a shape.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn shape_spin(world: &World, e: usize, w: [f64; 3]) -> Option<[f64; 3]> {
    let c = &world.columns;
    if c.flags.get(e) & flag::SHAPED == 0 {
        return None;
    }
    let [x, y, z] = vector([&c.rotation_x, &c.rotation_y, &c.rotation_z], e);
    let s = c.rotation_w.get(e) as f64;
    let turn = |u: [f64; 3], v: [f64; 3]| {
        let t = cross(u, v).map(|t| 2.0 * t);
        let tt = cross(u, t);
        [v[0] + s * t[0] + tt[0], v[1] + s * t[1] + tt[1], v[2] + s * t[2] + tt[2]]
    };
    let l = turn([-x, -y, -z], w);
    let [xx, yy, zz, xy, xz, yz] = shapes::unit_inertia(world, c.shape.get(e) as usize).map(|v| v as f64);
    let local = [xx * l[0] + xy * l[1] + xz * l[2], xy * l[0] + yy * l[1] + yz * l[2], xz * l[0] + yz * l[1] + zz * l[2]];
    Some(turn([x, y, z], local))
}

/// result[0]: kinetic energy, J. [1 … 3]: momentum, kg·m/s. [4 … 6]: Σ m x, kg·m. [7]: mass, kg. Dynamic bodies.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn linear(world: &mut World) {
    world.read_settings(world.parameters.dt);
    let world = &*world;
    let c = &world.columns;
    sum(world, &|e| {
        let (m, r) = (c.mass.get(e) as f64, c.radius.get(e) as f64);
        let v = vector([&c.velocity_x, &c.velocity_y, &c.velocity_z], e);
        let w = vector([&c.angular_x, &c.angular_y, &c.angular_z], e);
        let x = position(world, e).map(|v| v as f64);
        let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let turning = match shape_spin(world, e, w) {
            Some(spin) => 0.5 * m * dot(spin, w),
            None => 0.2 * m * r * r * dot(w, w),
        };
        let energy = 0.5 * m * dot(v, v) + turning;
        [energy, m * v[0], m * v[1], m * v[2], m * x[0], m * x[1], m * x[2], m]
    });
}

/// result[0 … 2]: angular momentum about the origin, kg·m²/s: orbital and spin. Dynamic bodies.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn angular(world: &mut World) {
    world.read_settings(world.parameters.dt);
    let world = &*world;
    let c = &world.columns;
    sum(world, &|e| {
        let (m, r) = (c.mass.get(e) as f64, c.radius.get(e) as f64);
        let v = vector([&c.velocity_x, &c.velocity_y, &c.velocity_z], e);
        let w = vector([&c.angular_x, &c.angular_y, &c.angular_z], e);
        let orbit = cross(position(world, e).map(|v| v as f64), v);
        let spin = shape_spin(world, e, w).map_or(w.map(|w| 0.4 * m * r * r * w), |spin| spin.map(|s| m * s));
        [m * orbit[0] + spin[0], m * orbit[1] + spin[1], m * orbit[2] + spin[2], 0.0, 0.0, 0.0, 0.0, 0.0]
    });
}

/// Energy of dynamic body `e` at `x` in uniform gravity, zero at the origin.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn uniform_energy(world: &World, e: usize, x: [f64; 3]) -> f64 {
    let setting = |index| world.columns.settings.get(index);
    let g = [setting::GRAVITY_X, setting::GRAVITY_Y, setting::GRAVITY_Z].map(setting);
    -(world.columns.mass.get(e) as f64) * world.columns.gravity_scale.get(e) as f64 * (g[0] * x[0] + g[1] * x[1] + g[2] * x[2])
}

/// result[0]: potential energy, J, by the tree: uniform gravity, and each pair of long-range bodies once, to the tree's error.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn potential_by_tree(world: &mut World) {
    world.read_settings(0.0);
    forces::run(world);
    let count = tree::potentials(world);
    let world = &*world;
    let c = &world.columns;
    // Sources that feel nothing: their pairs are met from one side alone.
    let mut fixed = 0;
    for p in 0..count {
        if c.point_id.get(p) & (points::SOURCE | points::TARGET) == points::SOURCE {
            c.source_id.set(fixed, p as u32);
            fixed += 1;
        }
    }
    let blocks = count.div_ceil(BLOCK);
    world.jobs.run(blocks, |block| {
        let mut energy = 0.0;
        for p in (block * BLOCK..((block + 1) * BLOCK).min(count)).filter(|p| c.point_id.get(*p) & points::TARGET != 0) {
            let e = (c.point_id.get(p) & points::ID) as usize;
            let of_fixed = potentials_of_fixed(world, p, fixed);
            let [gravity, charge] = [0, 1].map(|k| {
                let all = c.pull.get(4 * p + k) as f64;
                let returned = k == 1 || c.live.get(e) & flag::ATTRACTS != 0;
                if returned {
                    0.5 * (all + of_fixed[k])
                } else {
                    all
                }
            });
            energy += uniform_energy(world, e, position(world, e).map(|v| v as f64));
            energy += c.charge.get(e) as f64 * charge - c.mass.get(e) as f64 * gravity;
        }
        c.partial.set(block * PARTS, energy);
    });
    c.result.set(0, (0..blocks).fold(0.0, |sum, block| sum + c.partial.get(block * PARTS)));
}

/// The part of the potentials at point `p` that the first `fixed` sources of the list make.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn potentials_of_fixed(world: &World, p: usize, fixed: usize) -> [f64; 2] {
    let c = &world.columns;
    let at = |p: usize| [c.point_x.get(p) as f64, c.point_y.get(p) as f64, c.point_z.get(p) as f64];
    let mut sums = [0.0; 2];
    for k in 0..fixed {
        let source = c.source_id.get(k) as usize;
        let inverse = inverse_distance(world, at(p), at(source));
        sums[0] += c.point_gm.get(source) as f64 * inverse;
        sums[1] += c.point_kc.get(source) as f64 * inverse;
    }
    sums
}

/// 1 / √(d² + ε²) of two points; 0 below the least distance.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn inverse_distance(world: &World, a: [f64; 3], b: [f64; 3]) -> f64 {
    let setting = |index| world.columns.settings.get(index);
    let d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    let distance2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    let (least, softening) = (setting(setting::MIN_DISTANCE), setting(setting::SOFTENING));
    if distance2 == 0.0 || distance2 < least * least {
        return 0.0;
    }
    1.0 / (distance2 + softening * softening).sqrt()
}

/// Errors of the long-range accelerations at the present positions, by the method in use against a direct f64 sum, for at most `wanted` dynamic bodies at
/// even strides. `samples`: |error|² and |acceleration|² of each. Gives their number.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn error(world: &mut World, wanted: usize) -> usize {
    world.read_settings(0.0);
    forces::run(world);
    let world_blocks = world.parameters.blocks;
    for column in [&world.columns.acceleration_x, &world.columns.acceleration_y, &world.columns.acceleration_z] {
        column.fill(0, world_blocks * BLOCK, 0.0);
    }
    long_range::run(world);
    let world = &*world;
    let c = &world.columns;
    let targets = (0..world_blocks * BLOCK).filter(|e| c.live.get(*e) & flag::DYNAMIC != 0).count();
    let stride = targets.div_ceil(wanted.clamp(1, MAX_SAMPLES)).max(1);
    let mut samples = 0;
    if world.count(counter::SOURCES) > 0 {
        for (nth, e) in (0..world_blocks * BLOCK).filter(|e| c.live.get(*e) & flag::DYNAMIC != 0).enumerate() {
            if nth % stride == 0 {
                // Until a job fills it in: whose sample it is.
                c.samples.set(2 * samples, e as f64);
                samples += 1;
            }
        }
    }
    world.jobs.run(samples, |sample| {
        let e = c.samples.get(2 * sample) as usize;
        let exact = exact_pull(world, e);
        let got = vector([&c.acceleration_x, &c.acceleration_y, &c.acceleration_z], e);
        let square = |v: [f64; 3]| v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        c.samples.set(2 * sample, square([got[0] - exact[0], got[1] - exact[1], got[2] - exact[2]]));
        c.samples.set(2 * sample + 1, square(exact));
    });
    samples
}

/// Long-range acceleration of body `e`, by a direct f64 sum.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn exact_pull(world: &World, e: usize) -> [f64; 3] {
    let c = &world.columns;
    let setting = |index| c.settings.get(index);
    let x = position(world, e).map(|v| v as f64);
    let ratio = c.charge.get(e) as f64 / c.mass.get(e) as f64;
    let mut sum = [0.0; 3];
    for other in 0..world.parameters.blocks * BLOCK {
        let flags = c.live.get(other);
        let gm = if flags & flag::ATTRACTS != 0 { setting(setting::G) * c.mass.get(other) as f64 } else { 0.0 };
        let kc = if flags & flag::BODY != 0 { setting(setting::K) * c.charge.get(other) as f64 } else { 0.0 };
        let strength = gm - kc * ratio;
        if strength == 0.0 || other == e {
            continue;
        }
        let at = position(world, other).map(|v| v as f64);
        let inverse = inverse_distance(world, x, at);
        let factor = strength * inverse * inverse * inverse;
        for (axis, part) in sum.iter_mut().enumerate() {
            *part += factor * (at[axis] - x[axis]);
        }
    }
    sum
}

/// result[0]: potential energy, J: uniform gravity (zero at the origin), and each pair of long-range bodies once, by a direct f64 sum.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn potential(world: &mut World) {
    world.read_settings(world.parameters.dt);
    let world = &*world;
    let high = world.parameters.blocks * BLOCK;
    sum(world, &|e| {
        let x = position(world, e).map(|v| v as f64);
        let mut pairs = 0.0;
        for other in 0..high {
            pairs += pair_energy(world, e, other, x);
        }
        [uniform_energy(world, e, x) + pairs, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    });
}

/// Energy of dynamic body `e` in the field of `other`: half of it when `other` feels `e` too.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn pair_energy(world: &World, e: usize, other: usize, x: [f64; 3]) -> f64 {
    let c = &world.columns;
    let (own, flags) = (c.flags.get(e), c.flags.get(other));
    let charges = c.charge.get(e) as f64 * c.charge.get(other) as f64;
    if flags & flag::BODY == 0 || e == other || (flags & flag::ATTRACTS == 0 && own & flag::ATTRACTS == 0 && charges == 0.0) {
        return 0.0;
    }
    let inverse = inverse_distance(world, x, position(world, other).map(|v| v as f64));
    let setting = |index| c.settings.get(index);
    // A pair of dynamic bodies is met twice, once from each side. One that attracts without being attracted still has the whole energy once.
    let share = if flags & flag::DYNAMIC != 0 { 0.5 } else { 1.0 };
    let sources = if flags & flag::DYNAMIC != 0 { flags | own } else { flags };
    let mass = if sources & flag::ATTRACTS != 0 { c.mass.get(e) as f64 * c.mass.get(other) as f64 } else { 0.0 };
    share * (setting(setting::K) * charges - setting(setting::G) * mass) * inverse
}
