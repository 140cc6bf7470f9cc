//! Queries between steps, over the public columns: four bodies at a time, in entity order.

use super::collide::{dot, position, sub};
use super::plane;
use crate::wide::{Real, Real4, Vector4, LANES};
use crate::world::{flag, setting, World};

/// Visits the spheres among the bodies, four at a time, with the lanes that are spheres.
fn each_four(world: &World, mut visit: impl FnMut(usize, u32)) {
    let high = (world.columns.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    for i in (0..high).step_by(LANES) {
        let flags = world.columns.flags.load(i);
        let bits = flags.has(flag::BODY).without(flags.has(flag::PLANE)).bits();
        if bits != 0 {
            visit(i, bits);
        }
    }
}

/// Lists the bodies that a ball touches into `found`; gives how many.
pub fn overlap_sphere(world: &World, centre: [Real; 3], radius: Real) -> usize {
    let c = &world.columns;
    let middle = Vector4::splat(centre);
    let mut count = 0;
    each_four(world, |i, spheres| {
        let d = Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i)) - middle;
        let sum = c.radius.load(i) + Real4::splat(radius);
        let mut bits = d.dot(d).le(sum * sum).bits() & spheres;
        while bits != 0 {
            c.found.set(count, i as u32 + bits.trailing_zeros());
            count += 1;
            bits &= bits - 1;
        }
    });
    count
}

/// The first body on a ray, bullets and sensors aside: gives its id, 0 for none; result[0]: distance, [1 … 3]: point, [4 … 6]: normal.
pub fn cast_ray(world: &World, origin: [Real; 3], direction: [Real; 3], max_distance: Real) -> u32 {
    let c = &world.columns;
    let (start, along) = (Vector4::splat(origin), Vector4::splat(direction));
    let mut best = (max_distance, 0u32);
    each_four(world, |i, spheres| {
        let d = start - Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i));
        let radius = c.radius.load(i);
        let b = d.dot(along);
        let off = d - along.scale(b);
        let mut bits = off.dot(off).le(radius * radius).bits() & spheres;
        while bits != 0 {
            let e = i + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if let Some(distance) = ray_sphere(world, e, origin, direction) {
                if distance < best.0 || (distance == best.0 && best.1 == 0) {
                    best = (distance, e as u32);
                }
            }
        }
    });
    ray_planes(world, origin, direction, &mut best);
    describe(world, origin, direction, best);
    best.1
}

fn ray_sphere(world: &World, e: usize, origin: [Real; 3], direction: [Real; 3]) -> Option<Real> {
    if world.columns.flags.get(e) & (flag::BULLET | flag::SENSOR) != 0 {
        return None;
    }
    let radius = world.columns.radius.get(e);
    let d = sub(origin, position(world, e));
    let b = dot(d, direction);
    let c = dot(d, d) - radius * radius;
    if c <= 0.0 {
        return Some(0.0);
    }
    // The squared distance from the line, not b² − c: far from the body that difference has no digits left.
    let off: [Real; 3] = core::array::from_fn(|axis| d[axis] - direction[axis] * b);
    let half2 = radius * radius - dot(off, off);
    (b < 0.0 && half2 >= 0.0).then(|| -b - half2.sqrt())
}

fn ray_planes(world: &World, origin: [Real; 3], direction: [Real; 3], best: &mut (Real, u32)) {
    let high = (world.columns.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    for e in 0..high {
        if world.columns.flags.get(e) & flag::PLANE == 0 {
            continue;
        }
        let normal = plane::normal(world, e);
        let height = dot(normal, sub(origin, position(world, e)));
        let closing = -dot(normal, direction);
        if closing > 0.0 && height >= 0.0 && height <= best.0 * closing {
            *best = (height / closing, e as u32);
        }
    }
}

fn describe(world: &World, origin: [Real; 3], direction: [Real; 3], best: (Real, u32)) {
    let c = &world.columns;
    let e = best.1 as usize;
    let at: [Real; 3] = core::array::from_fn(|axis| origin[axis] + direction[axis] * best.0);
    let normal = if c.flags.get(e) & flag::PLANE != 0 {
        plane::normal(world, e)
    } else {
        let d = sub(at, position(world, e));
        let length = dot(d, d).sqrt();
        if length > 0.0 {
            d.map(|v| v / length)
        } else {
            direction.map(|v| -v)
        }
    };
    c.result.set(0, best.0 as f64);
    for axis in 0..3 {
        c.result.set(1 + axis, at[axis] as f64);
        c.result.set(4 + axis, normal[axis] as f64);
    }
}
