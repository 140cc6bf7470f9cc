//! Measures of the state between steps: energies, momenta, centre of mass. Sums run in f64, block by block in order.

use super::collide::position;
use crate::layout::BLOCK;
use crate::world::{flag, setting, World};

/// Values a block sums: mass, momentum, first moment of mass, energy.
const PARTS: usize = 8;

fn vector(columns: [&crate::layout::Column<f32>; 3], e: usize) -> [f64; 3] {
    columns.map(|column| column.get(e) as f64)
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Sums `parts(entity)` over the dynamic bodies and writes the sums into `result`.
fn sum(world: &World, parts: impl Fn(usize) -> [f64; PARTS] + Sync) {
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

/// result[0]: kinetic energy, J. [1 … 3]: momentum, kg·m/s. [4 … 6]: Σ m x, kg·m. [7]: mass, kg. Dynamic bodies.
pub fn linear(world: &mut World) {
    world.read_settings(world.parameters.dt);
    let world = &*world;
    let c = &world.columns;
    sum(world, |e| {
        let (m, r) = (c.mass.get(e) as f64, c.radius.get(e) as f64);
        let v = vector([&c.velocity_x, &c.velocity_y, &c.velocity_z], e);
        let w = vector([&c.angular_x, &c.angular_y, &c.angular_z], e);
        let x = position(world, e).map(|v| v as f64);
        let square = |v: [f64; 3]| v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        let energy = 0.5 * m * square(v) + 0.2 * m * r * r * square(w);
        [energy, m * v[0], m * v[1], m * v[2], m * x[0], m * x[1], m * x[2], m]
    });
}

/// result[0 … 2]: angular momentum about the origin, kg·m²/s: orbital and spin. Dynamic bodies.
pub fn angular(world: &mut World) {
    world.read_settings(world.parameters.dt);
    let world = &*world;
    let c = &world.columns;
    sum(world, |e| {
        let (m, r) = (c.mass.get(e) as f64, c.radius.get(e) as f64);
        let v = vector([&c.velocity_x, &c.velocity_y, &c.velocity_z], e);
        let w = vector([&c.angular_x, &c.angular_y, &c.angular_z], e);
        let orbit = cross(position(world, e).map(|v| v as f64), v);
        let spin = 0.4 * m * r * r;
        [m * orbit[0] + spin * w[0], m * orbit[1] + spin * w[1], m * orbit[2] + spin * w[2], 0.0, 0.0, 0.0, 0.0, 0.0]
    });
}

/// result[0]: potential energy, J: uniform gravity (zero at the origin), and each pair of long-range bodies once, by a direct f64 sum.
pub fn potential(world: &mut World) {
    world.read_settings(world.parameters.dt);
    let world = &*world;
    let c = &world.columns;
    let setting = |index| c.settings.get(index);
    let gravity = [setting::GRAVITY_X, setting::GRAVITY_Y, setting::GRAVITY_Z].map(setting);
    let high = world.parameters.blocks * BLOCK;
    sum(world, |e| {
        let (m, x) = (c.mass.get(e) as f64, position(world, e).map(|v| v as f64));
        let uniform = -m * c.gravity_scale.get(e) as f64 * (gravity[0] * x[0] + gravity[1] * x[1] + gravity[2] * x[2]);
        let mut pairs = 0.0;
        for other in 0..high {
            pairs += pair_energy(world, e, other, x);
        }
        [uniform + pairs, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    });
}

/// Energy of dynamic body `e` in the field of `other`: half of it when `other` feels `e` too.
fn pair_energy(world: &World, e: usize, other: usize, x: [f64; 3]) -> f64 {
    let c = &world.columns;
    let (own, flags) = (c.flags.get(e), c.flags.get(other));
    let charges = c.charge.get(e) as f64 * c.charge.get(other) as f64;
    if flags & flag::BODY == 0 || e == other || (flags & flag::ATTRACTS == 0 && own & flag::ATTRACTS == 0 && charges == 0.0) {
        return 0.0;
    }
    let d = core::array::from_fn::<f64, 3, _>(|axis| position(world, other)[axis] as f64 - x[axis]);
    let distance2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    let setting = |index| c.settings.get(index);
    if distance2 == 0.0 || distance2 < setting(setting::MIN_DISTANCE) * setting(setting::MIN_DISTANCE) {
        return 0.0;
    }
    let r = (distance2 + setting(setting::SOFTENING) * setting(setting::SOFTENING)).sqrt();
    // A pair of dynamic bodies is met twice, once from each side. One that attracts without being attracted still has the whole energy once.
    let share = if flags & flag::DYNAMIC != 0 { 0.5 } else { 1.0 };
    let sources = if flags & flag::DYNAMIC != 0 { flags | own } else { flags };
    let mass = if sources & flag::ATTRACTS != 0 { c.mass.get(e) as f64 * c.mass.get(other) as f64 } else { 0.0 };
    share * (setting(setting::K) * charges - setting(setting::G) * mass) / r
}
