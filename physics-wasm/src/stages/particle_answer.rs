//! What a hit does to a particle: it bounces, sticks or dies, and may be told. What sticks goes along with its body.

use super::collide::{position, velocity};
use super::particle_meet::{Hit, Meeting};
use super::particle_pages::field;
use super::particle_system::*;
use super::plane;
use super::query_shape::is_shaped;
use crate::geometry::vector::*;
use crate::shapes::body_pose;
use crate::wide::Real;
use crate::world::flag;

/// How far off the surface of a shape a hit leaves a particle, m, and for each metre from the origin.
const SKIN: Real = 1e-4;
const SKIN_FAR: Real = 1e-6;
/// Generations of bodies that an extra number tells apart.
const GENERATIONS: u32 = 1 << 24;

impl Meeting<'_> {
    /// What a hit does to a particle.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn answer(&self, s: usize, j: usize, hit: Hit) -> u32 {
        let (world, page, e) = (self.world, self.page, hit.other as usize);
        let (start, path, v) = self.flight(j);
        let c = &world.columns;
        let left = (1.0 - hit.time) * self.dt;
        let at = add_scaled(start, path, hit.time);
        let carrier = self.velocity_at(e, at);
        let relative = sub(v, carrier);
        let speed = -dot(relative, hit.normal);
        let skin = if is_shaped(world, hit.other) { SKIN + SKIN_FAR * at.into_iter().fold(0.0, |m: Real, x| m.max(x.abs())) } else { 0.0 };
        // Out of what it was inside, and off what it could not leave again.
        let mut place = add_scaled(self.out_of(e, at, hit), hit.normal, skin);
        let mut share = left;
        if self.flags & (bit::STICKS | bit::DIES) != 0 {
            share = 0.0;
            place = add_scaled(place, carrier, left);
        }
        if self.flags & bit::STICKS != 0 {
            let pose = body_pose(world, e);
            self.write(j, field::VX, pose.unpoint(place));
            c.particle_extra.set(page.extra(0, j), hit.other as f32);
            c.particle_extra.set(page.extra(1, j), (c.generation.get(e) % GENERATIONS) as f32);
        } else if self.flags & bit::DIES == 0 {
            let new = self.bounce(s, relative, (hit.normal, speed));
            let new = add(new, carrier);
            place = add_scaled(place, new, left);
            self.write(j, field::VX, new);
        }
        self.write(j, field::X, place);
        // What rests falls by one step of gravity and is no news.
        let weight = dot(world.parameters.gravity, world.parameters.gravity).sqrt() * (real_of(world, s, real::GRAVITY) as Real).abs();
        let told = self.flags & bit::TELLS != 0 && (speed > 2.0 * weight * self.dt || self.flags & (bit::STICKS | bit::DIES) != 0);
        if told {
            if self.flags & bit::STICKS == 0 {
                c.particle_extra.set(page.extra(0, j), hit.other as f32);
                c.particle_extra.set(page.extra(1, j), share as f32);
            }
            for axis in 0..3 {
                c.particle_extra.set(page.extra(2 + axis, j), (hit.normal[axis] * (1.0 + speed.max(0.0))) as f32);
            }
        }
        (self.flags & bit::DIES) | if told { bit::TELLS } else { 0 }
    }

    /// The place of a hit, on the surface where the particle began inside a sphere or below a plane.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn out_of(&self, e: usize, at: Vec3, hit: Hit) -> Vec3 {
        if hit.time > 0.0 || is_shaped(self.world, hit.other) {
            return at;
        }
        let depth = if self.world.columns.live.get(e) & flag::PLANE != 0 {
            plane::height_at(self.world, e, at) - self.radius
        } else {
            let centre = sub(position(self.world, e), self.moved(e));
            length(sub(at, centre)) - self.radius - self.world.columns.radius.get(e)
        };
        add_scaled(at, hit.normal, -depth.min(0.0))
    }

    /// Velocity of a body at a point.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn velocity_at(&self, e: usize, at: Vec3) -> Vec3 {
        let c = &self.world.columns;
        if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
            return [0.0; 3];
        }
        let spin = [c.angular_x.get(e), c.angular_y.get(e), c.angular_z.get(e)];
        add(velocity(self.world, e), cross(spin, sub(at, position(self.world, e))))
    }

    /// Velocity off a surface: restitution along the normal, Coulomb's friction across it.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn bounce(&self, s: usize, v: Vec3, (normal, speed): (Vec3, Real)) -> Vec3 {
        if speed <= 0.0 {
            return v;
        }
        let [restitution, friction] = reals_of::<2>(self.world, s, real::RESTITUTION).map(|v| v as Real);
        let along = add_scaled(v, normal, speed);
        let fast = length(along);
        let lost = friction * (1.0 + restitution) * speed;
        let kept = if fast > lost { 1.0 - lost / fast } else { 0.0 };
        add_scaled(scale(along, kept), normal, restitution * speed)
    }

    /// Puts a particle that sticks where its body took it; lets it go when the body is gone.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn carry(&self, j: usize) {
        let (c, page) = (&self.world.columns, self.page);
        let e = c.particle_extra.get(page.extra(0, j)) as usize;
        let known = e < self.world.capacity.entities
            && c.flags.get(e) & flag::BODY != 0
            && (c.generation.get(e) % GENERATIONS) as f32 == c.particle_extra.get(page.extra(1, j));
        let on = self.three(field::VX, j);
        if !known {
            c.particle_extra.set(page.extra(0, j), 0.0);
            // It was moved as if its place on the body were a velocity.
            self.write(j, field::X, add_scaled(self.three(field::X, j), on, -self.dt));
            self.write(j, field::VX, [0.0; 3]);
            return;
        }
        self.write(j, field::X, body_pose(self.world, e).point(on));
    }

    #[inline(always)]
    fn write(&self, j: usize, field: usize, v: Vec3) {
        for (axis, v) in v.into_iter().enumerate() {
            self.world.columns.particle.set(self.page.at(field + axis, j), v as f32);
        }
    }
}
