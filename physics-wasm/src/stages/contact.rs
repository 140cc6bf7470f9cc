//! Four contacts at a time: gather the bodies, apply an impulse, scatter the bodies.
//!
//! Contact of spheres a and b with normal n (a to b), radii ra, rb: the arms are ra·n and −rb·n, so the normal impulse turns nothing, and the
//! tangent plane has one effective mass. Friction is a cone: a tangent impulse of three components whose length is at most μ times the normal one.

use crate::layout::{SOLVER_BODY, WIDE_CONTACT};
use crate::wide::{transpose, Mask4, Real, Real4, Vector4, LANES};
use crate::world::World;

/// Speed above which a contact bounces, m/s.
pub(super) const BOUNCE_THRESHOLD: Real = 1.0;
/// Largest coefficient of friction of one body.
pub(super) const MAX_FRICTION: Real = 1e6;
/// Fastest push out of an overlap, m/s.
const PUSH: Real = 3.0;

/// A gap that this speed closes in a sub-step is closed, m/s. Solving closes a gap to zero but for rounding, which must not be what decides
/// whether the contact is rigid or soft in the next sub-step.
const CLOSED: Real = 1e-3;

/// Values of a wide contact.
pub mod field {
    #![allow(missing_docs)]
    pub const NX: usize = 0;
    pub const NY: usize = 1;
    pub const NZ: usize = 2;
    pub const SEPARATION: usize = 3;
    pub const RADIUS_A: usize = 4;
    pub const RADIUS_B: usize = 5;
    pub const NORMAL_MASS: usize = 6;
    pub const TANGENT_MASS: usize = 7;
    pub const FRICTION: usize = 8;
    pub const RESTITUTION: usize = 9;
    pub const APPROACH: usize = 10;
    pub const NORMAL: usize = 11;
    pub const TX: usize = 12;
    pub const TY: usize = 13;
    pub const TZ: usize = 14;
    pub const PEAK: usize = 15;
    /// Normal impulse of the whole step.
    pub const TOTAL: usize = 16;
}
use field::*;

/// Softness of contacts in one sub-step (Catto, Solver2D): a spring that cannot overshoot.
#[derive(Clone, Copy)]
pub struct Softness {
    /// 1 / length of the sub-step.
    pub inverse_h: Real,
    /// Push speed per metre of overlap.
    pub bias_rate: Real,
    /// Share of the effective mass.
    pub mass_scale: Real,
    /// Share of the accumulated impulse that is given back.
    pub impulse_scale: Real,
}

impl Softness {
    /// Contacts of a quarter of the sub-step rate, damping ratio 10. Box2D caps the rate at 30 Hz; then 1,000 : 1 stacked sinks 27 % of the
    /// small body's size whatever the number of sub-steps, without the cap 6.9 % at 4 and 1.7 % at 8 (`test/physics`).
    pub fn new(h: Real) -> Self {
        Self::of(h, 0.25, 10.0)
    }

    /// Manifolds of 0.16 of the sub-step rate, 38 Hz at 4 sub-steps: at a quarter a pyramid never comes to rest; at Box2D's 30 Hz a box of
    /// 1,000 : 1 sinks by 7 % of the small one's size at 8 sub-steps, at this by 4 % (`test/rigid/stacks`).
    pub fn of_manifolds(h: Real) -> Self {
        Self::of(h, 0.16, 10.0)
    }

    /// Manifolds of unlike masses that both move: as stiff as spheres, but damped more. The spring is made for the mass that the pair has together, about that of the
    /// light one: what rocks on it is the heavy one, for which the damping ratio is smaller by the root of the masses' ratio. At 10 a box of
    /// 1,000 : 1 rocks more and more and slides off by itself; at 40 it is above 1 for such a pair, and it stays (`test/rigid/stacks`).
    pub fn of_unlike(h: Real) -> Self {
        Self::of(h, 0.25, 40.0)
    }

    fn of(h: Real, share: Real, zeta: Real) -> Self {
        let omega = 2.0 * (core::f64::consts::PI as Real) * (share / h);
        let a1 = 2.0 * zeta + h * omega;
        let a2 = h * omega * a1;
        let a3 = 1.0 / (1.0 + a2);
        Self { inverse_h: 1.0 / h, bias_rate: omega / a1, mass_scale: a2 * a3, impulse_scale: a3 }
    }
}

/// One of the passes over the contacts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Applies the impulses of the last sub-step.
    WarmStart,
    /// Solves with push out of overlaps.
    Solve,
    /// Solves without: takes the push's velocity out again.
    Relax,
    /// Bounces what came in fast.
    Restitution,
}

/// The bodies at one end of four contacts.
pub(super) struct End {
    pub velocity: Vector4,
    pub inverse_mass: Real4,
    pub angular: Vector4,
    /// Of spheres; `manifold_solve` has tensors of its own.
    pub inverse_inertia: Real4,
}

/// A coefficient within its range, whatever stands in the column.
pub(super) fn coefficient(value: Real, most: Real) -> Real {
    value.max(0.0).min(most)
}

#[inline(always)]
fn load(world: &World, w: usize, index: usize) -> Real4 {
    world.columns.wide.load((w * WIDE_CONTACT + index) * LANES)
}

#[inline(always)]
fn save(world: &World, w: usize, index: usize, v: Real4) {
    world.columns.wide.store((w * WIDE_CONTACT + index) * LANES, v);
}

#[inline(always)]
fn row(world: &World, slots: &[u32; 4], row: usize) -> [Real4; 4] {
    transpose(slots.map(|slot| world.columns.solver.load(slot as usize * SOLVER_BODY + 4 * row)))
}

#[inline(always)]
pub(super) fn gather(world: &World, slots: &[u32; 4]) -> End {
    let [vx, vy, vz, inverse_mass] = row(world, slots, 0);
    let [ax, ay, az, inverse_inertia] = row(world, slots, 1);
    End { velocity: Vector4::new(vx, vy, vz), inverse_mass, angular: Vector4::new(ax, ay, az), inverse_inertia }
}

/// Writes back the dynamic bodies of the lanes in `lanes`: what rests is shared by many contacts and is never written.
#[inline(always)]
pub(super) fn scatter(world: &World, slots: &[u32; 4], end: &End, lanes: u32) {
    let rows = [
        transpose([end.velocity.x, end.velocity.y, end.velocity.z, end.inverse_mass]),
        transpose([end.angular.x, end.angular.y, end.angular.z, end.inverse_inertia]),
    ];
    let dynamic = end.inverse_mass.gt(Real4::splat(0.0)).bits() & lanes;
    for lane in 0..LANES {
        if dynamic & (1 << lane) != 0 {
            let at = slots[lane] as usize * SOLVER_BODY;
            world.columns.solver.store(at, rows[0][lane]);
            world.columns.solver.store(at + 4, rows[1][lane]);
        }
    }
}

/// A wide contact while it is worked on.
struct Wide {
    n: Vector4,
    ra: Real4,
    rb: Real4,
    a: End,
    b: End,
}

impl Wide {
    /// Applies impulse `p` to b and its opposite to a, at the contact.
    #[inline(always)]
    fn push(&mut self, p: Vector4) {
        let turn = self.n.cross(p);
        self.a.velocity = self.a.velocity - p.scale(self.a.inverse_mass);
        self.b.velocity = self.b.velocity + p.scale(self.b.inverse_mass);
        self.a.angular = self.a.angular - turn.scale(self.a.inverse_inertia * self.ra);
        self.b.angular = self.b.angular - turn.scale(self.b.inverse_inertia * self.rb);
    }

    /// Velocity of b against a, of their centres.
    #[inline(always)]
    fn relative(&self) -> Vector4 {
        self.b.velocity - self.a.velocity
    }

    /// Velocity of b against a in the tangent plane, at the contact.
    #[inline(always)]
    fn slip(&self) -> Vector4 {
        let spin = self.a.angular.scale(self.ra) + self.b.angular.scale(self.rb);
        let v = self.relative() - spin.cross(self.n);
        v - self.n.scale(self.n.dot(v))
    }
}

/// One pass over wide contact `w`, for the lanes in `lanes`.
///
/// A function each: inlined into one they are more than V8 optimises in the JavaScript build (60 KB of bytecode), which then ran the solver
/// 40 times slower.
pub fn run(world: &World, w: usize, pass: Pass, softness: &Softness, lanes: u32) {
    match pass {
        Pass::WarmStart => warm_start(world, w, lanes),
        Pass::Solve => solve(world, w, true, softness, lanes),
        Pass::Relax => solve(world, w, false, softness, lanes),
        Pass::Restitution => restitute(world, w, lanes),
    }
}

#[inline(never)]
fn warm_start(world: &World, w: usize, lanes: u32) {
    let (mut contact, slots) = open(world, w);
    let t = Vector4::new(load(world, w, TX), load(world, w, TY), load(world, w, TZ));
    contact.push(contact.n.scale(load(world, w, NORMAL)) + t);
    close(world, &slots, &contact, lanes);
}

#[inline(never)]
fn solve(world: &World, w: usize, push: bool, softness: &Softness, lanes: u32) {
    let (mut contact, slots) = open(world, w);
    let moved = displacement(world, &slots[1]) - displacement(world, &slots[0]);
    let separation = load(world, w, SEPARATION) + contact.n.dot(moved);
    press(world, w, &mut contact, separation, push, softness, lanes);
    rub(world, w, &mut contact, lanes);
    close(world, &slots, &contact, lanes);
}

#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn restitute(world: &World, w: usize, lanes: u32) {
    let (mut contact, slots) = open(world, w);
    if bounce(world, w, &mut contact, lanes) {
        close(world, &slots, &contact, lanes);
    }
}

/// Reads the bodies of a wide contact.
#[inline(always)]
fn open(world: &World, w: usize) -> (Wide, [[u32; 4]; 2]) {
    let c = &world.columns;
    let slots = [c.wide_slots.load(w * 8).to_array(), c.wide_slots.load(w * 8 + 4).to_array()];
    let contact = Wide {
        n: Vector4::new(load(world, w, NX), load(world, w, NY), load(world, w, NZ)),
        ra: load(world, w, RADIUS_A),
        rb: load(world, w, RADIUS_B),
        a: gather(world, &slots[0]),
        b: gather(world, &slots[1]),
    };
    (contact, slots)
}

/// Writes them back.
#[inline(always)]
fn close(world: &World, slots: &[[u32; 4]; 2], contact: &Wide, lanes: u32) {
    scatter(world, &slots[0], &contact.a, lanes);
    scatter(world, &slots[1], &contact.b, lanes);
}

#[inline(always)]
pub(super) fn displacement(world: &World, slots: &[u32; 4]) -> Vector4 {
    let [x, y, z, _] = row(world, slots, 2);
    Vector4::new(x, y, z)
}

/// Keeps `new` in the lanes at work and `old` in the others.
#[inline(always)]
pub(super) fn chosen(lanes: u32, new: Real4, old: Real4) -> Real4 {
    if lanes == 15 {
        return new;
    }
    lane_mask(lanes).select(new, old)
}

fn lane_mask(lanes: u32) -> Mask4 {
    let v: [Real; 4] = core::array::from_fn(|lane| (lanes >> lane & 1) as Real);
    Real4::from_array(v).gt(Real4::splat(0.5))
}

/// Softness of four constraints side by side.
#[derive(Clone, Copy)]
pub(super) struct WideSoftness {
    pub inverse_h: Real4,
    pub bias_rate: Real4,
    pub mass_scale: Real4,
    pub impulse_scale: Real4,
}

impl WideSoftness {
    /// The same for all.
    #[inline(always)]
    pub fn splat(soft: &Softness) -> Self {
        Self {
            inverse_h: Real4::splat(soft.inverse_h),
            bias_rate: Real4::splat(soft.bias_rate),
            mass_scale: Real4::splat(soft.mass_scale),
            impulse_scale: Real4::splat(soft.impulse_scale),
        }
    }
    /// Of manifolds: of `kinds` the last where `stiff` (`manifold::field::STIFF`) is 0, the first at 1, the second at 2.
    #[inline(always)]
    pub fn select(stiff: Real4, [resting, unlike, soft]: &[Softness; 3]) -> Self {
        let (some, most) = (stiff.gt(Real4::splat(0.5)), stiff.gt(Real4::splat(1.5)));
        let pick = |a: Real, b: Real, c: Real| most.select(Real4::splat(b), some.select(Real4::splat(a), Real4::splat(c)));
        Self {
            inverse_h: Real4::splat(soft.inverse_h),
            bias_rate: pick(resting.bias_rate, unlike.bias_rate, soft.bias_rate),
            mass_scale: pick(resting.mass_scale, unlike.mass_scale, soft.mass_scale),
            impulse_scale: pick(resting.impulse_scale, unlike.impulse_scale, soft.impulse_scale),
        }
    }
}

/// Bias speed, share of the effective mass, and share of the impulse given back, for a gap or an overlap of `separation`.
#[inline(always)]
pub(super) fn soft_push(separation: Real4, push: bool, soft: &WideSoftness) -> (Real4, Real4, Real4) {
    let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
    let gap = separation * soft.inverse_h;
    let apart = gap.gt(Real4::splat(CLOSED));
    if !push {
        return (apart.select(gap, zero), one, zero);
    }
    let out = (separation * soft.bias_rate).max(Real4::splat(-PUSH));
    (apart.select(gap, out), apart.select(one, soft.mass_scale), apart.select(zero, soft.impulse_scale))
}

/// The normal impulse: no approach beyond the gap, a soft push out of an overlap.
#[inline(always)]
fn press(world: &World, w: usize, contact: &mut Wide, separation: Real4, push: bool, soft: &Softness, lanes: u32) {
    let zero = Real4::splat(0.0);
    let (bias, mass_scale, impulse_scale) = soft_push(separation, push, &WideSoftness::splat(soft));
    let before = load(world, w, NORMAL);
    let vn = contact.n.dot(contact.relative());
    let wanted = before - load(world, w, NORMAL_MASS) * mass_scale * (vn + bias) - impulse_scale * before;
    let after = chosen(lanes, wanted.max(zero), before);
    save(world, w, NORMAL, after);
    save(world, w, PEAK, load(world, w, PEAK).max(after));
    if !push {
        let sum = load(world, w, TOTAL);
        save(world, w, TOTAL, chosen(lanes, sum + after, sum));
    }
    contact.push(contact.n.scale(after - before));
}

/// The tangent impulse: against the slip, inside the cone.
#[inline(always)]
fn rub(world: &World, w: usize, contact: &mut Wide, lanes: u32) {
    let before = Vector4::new(load(world, w, TX), load(world, w, TY), load(world, w, TZ));
    let slip = contact.slip();
    let wanted = before - slip.scale(load(world, w, TANGENT_MASS));
    let limit = load(world, w, FRICTION) * load(world, w, NORMAL);
    let length2 = wanted.dot(wanted);
    let over = length2.gt(limit * limit);
    let inside = wanted.scale(over.select(limit / length2.sqrt(), Real4::splat(1.0)));
    let after = Vector4::new(chosen(lanes, inside.x, before.x), chosen(lanes, inside.y, before.y), chosen(lanes, inside.z, before.z));
    save(world, w, TX, after.x);
    save(world, w, TY, after.y);
    save(world, w, TZ, after.z);
    contact.push(after - before);
}

/// Restitution: what came in above the threshold and was stopped leaves at −e times its speed. False when nothing bounces.
#[inline(always)]
fn bounce(world: &World, w: usize, contact: &mut Wide, lanes: u32) -> bool {
    let zero = Real4::splat(0.0);
    let (approach, restitution) = (load(world, w, APPROACH), load(world, w, RESTITUTION));
    let bounces = approach.lt(Real4::splat(-BOUNCE_THRESHOLD)) & load(world, w, PEAK).gt(zero) & restitution.gt(zero);
    if !bounces.any() {
        return false;
    }
    let before = load(world, w, NORMAL);
    let vn = contact.n.dot(contact.relative());
    let wanted = (before - load(world, w, NORMAL_MASS) * (vn + restitution * approach)).max(zero);
    let after = chosen(lanes, bounces.select(wanted, before), before);
    save(world, w, NORMAL, after);
    save(world, w, TOTAL, load(world, w, TOTAL) + (after - before));
    contact.push(contact.n.scale(after - before));
    true
}
