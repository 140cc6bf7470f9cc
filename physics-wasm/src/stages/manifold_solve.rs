//! Four manifolds at a time: the passes of the solver over what `manifold` put side by side.

use super::contact::{chosen, displacement, gather, scatter, soft_push, End, Pass, Softness, WideSoftness};
use super::manifold::{field, SLOT_WORDS};
use super::manifold_bounce;
use crate::layout::{SOLVER_BODY, WIDE_MANIFOLD};
use crate::wide::{transpose, Real4, Vector4, LANES};
use crate::world::World;

#[inline(always)]
pub(super) fn load(world: &World, w: usize, index: usize) -> Real4 {
    world.columns.wide_manifold.load((w * WIDE_MANIFOLD + index) * LANES)
}
#[inline(always)]
pub(super) fn load3(world: &World, w: usize, index: usize) -> Vector4 {
    Vector4::new(load(world, w, index), load(world, w, index + 1), load(world, w, index + 2))
}
#[inline(always)]
fn save(world: &World, w: usize, index: usize, v: Real4) {
    world.columns.wide_manifold.store((w * WIDE_MANIFOLD + index) * LANES, v);
}

/// Inverse inertia from field `at` on times a vector.
#[inline(always)]
pub(super) fn turn_by(world: &World, w: usize, at: usize, v: Vector4) -> Vector4 {
    let m = |i: usize| load(world, w, at + i);
    let (xy, xz, yz) = (m(3), m(4), m(5));
    Vector4::new(m(0) * v.x + xy * v.y + xz * v.z, xy * v.x + m(1) * v.y + yz * v.z, xz * v.x + yz * v.y + m(2) * v.z)
}

/// A wide manifold while it is worked on.
pub(super) struct Wide<'a> {
    pub world: &'a World,
    pub w: usize,
    pub slots: [[u32; 4]; 2],
    pub points: usize,
    pub n: Vector4,
    /// d × n.
    pub e: Vector4,
    pub a: End,
    pub b: End,
}

impl<'a> Wide<'a> {
    #[inline(always)]
    pub fn open(world: &'a World, w: usize) -> Self {
        let c = &world.columns;
        let at = w * SLOT_WORDS;
        let slots = [c.wide_manifold_slots.load(at).to_array(), c.wide_manifold_slots.load(at + 4).to_array()];
        let n = load3(world, w, field::N);
        Self {
            world,
            w,
            slots,
            points: c.wide_manifold_slots.get(at + 8) as usize,
            n,
            e: load3(world, w, field::D).cross(n),
            a: gather(world, &slots[0]),
            b: gather(world, &slots[1]),
        }
    }
    #[inline(always)]
    pub fn close(&self, lanes: u32) {
        scatter(self.world, &self.slots[0], &self.a, lanes);
        scatter(self.world, &self.slots[1], &self.b, lanes);
    }
    #[inline(always)]
    pub fn load(&self, index: usize) -> Real4 {
        load(self.world, self.w, index)
    }
    #[inline(always)]
    pub fn save(&self, index: usize, v: Real4) {
        save(self.world, self.w, index, v);
    }
    /// Velocity of b's point against a's along the normal, at the point whose rA × n is `c`.
    #[inline(always)]
    pub fn approach(&self, c: Vector4) -> Real4 {
        self.n.dot(self.b.velocity - self.a.velocity) + self.b.angular.dot(c + self.e) - self.a.angular.dot(c)
    }
    /// Linear impulse `p` on b, the opposite on a.
    #[inline(always)]
    pub fn push(&mut self, p: Vector4) {
        self.a.velocity = self.a.velocity - p.scale(self.a.inverse_mass);
        self.b.velocity = self.b.velocity + p.scale(self.b.inverse_mass);
    }
    /// Angular impulses: `la` taken from a, `lb` given to b.
    #[inline(always)]
    pub fn spin(&mut self, la: Vector4, lb: Vector4) {
        self.a.angular = self.a.angular - turn_by(self.world, self.w, field::INERTIA_A, la);
        self.b.angular = self.b.angular + turn_by(self.world, self.w, field::INERTIA_B, lb);
    }
    /// Normal impulse `size` at the point whose rA × n is `c`.
    #[inline(always)]
    pub fn press(&mut self, c: Vector4, size: Real4) {
        self.push(self.n.scale(size));
        self.spin(c.scale(size), (c + self.e).scale(size));
    }
}

/// One pass over wide manifold `w`, for the lanes in `lanes`.
pub fn run(world: &World, w: usize, pass: Pass, kinds: &[Softness; 3], lanes: u32) {
    match pass {
        Pass::WarmStart => warm_start(world, w, lanes),
        Pass::Solve => solve(world, w, true, kinds, lanes),
        Pass::Relax => solve(world, w, false, kinds, lanes),
        Pass::Restitution => manifold_bounce::restitute(world, w, lanes),
    }
}

#[inline(never)]
fn warm_start(world: &World, w: usize, lanes: u32) {
    let mut m = Wide::open(world, w);
    let (push, [la, lb]) = held(&m);
    m.push(push);
    m.spin(la, lb);
    m.close(lanes);
}

/// What the impulses of a manifold amount to: the linear one on b, and the angular ones on a and b.
#[inline(never)]
pub(super) fn held(m: &Wide) -> (Vector4, [Vector4; 2]) {
    let (world, w, zero) = (m.world, m.w, Real4::splat(0.0));
    let (mut total, mut turn) = (zero, Vector4::zero());
    for k in 0..m.points {
        let at = field::POINT + k * field::STRIDE;
        let impulse = m.load(at + field::IMPULSE);
        total = total + impulse;
        turn = turn + load3(world, w, at).scale(impulse);
    }
    let t = load3(world, w, field::T);
    let tangent = t.scale(m.load(field::TANGENT)) + m.n.cross(t).scale(m.load(field::TANGENT + 1));
    let own = m.n.scale(m.load(field::TWIST)) + load3(world, w, field::ROLL);
    let (centre, d) = (load3(world, w, field::CENTRE), load3(world, w, field::D));
    let both = turn + centre.cross(tangent) + own;
    (m.n.scale(total) + tangent, [both, both + m.e.scale(total) + d.cross(tangent)])
}

#[inline(always)]
fn turned(world: &World, slots: &[u32; 4]) -> Vector4 {
    let [x, y, z, _] = transpose(slots.map(|slot| world.columns.solver.load(slot as usize * SOLVER_BODY + 12)));
    Vector4::new(x, y, z)
}

#[inline(never)]
fn solve(world: &World, w: usize, push: bool, kinds: &[Softness; 3], lanes: u32) {
    let mut m = Wide::open(world, w);
    let softness = &WideSoftness::select(m.load(field::STIFF), kinds);
    let zero = Real4::splat(0.0);
    let moved = displacement(world, &m.slots[1]) - displacement(world, &m.slots[0]);
    let (turn_a, turn_b) = (turned(world, &m.slots[0]), turned(world, &m.slots[1]));
    let opened = m.n.dot(moved) + turn_b.dot(m.e);
    let turn = turn_b - turn_a;
    if push && world.columns.wide_manifold_slots.get(w * SLOT_WORDS + 10) != 0 {
        manifold_bounce::begin(&m, (opened, turn), softness.inverse_h, lanes);
    }
    press_evenly(&mut m, (opened, turn), (push, softness), lanes);
    let mut total = zero;
    for i in 0..m.points {
        // Back in the second pass: always the same first point would tilt what lies flat.
        let k = if push { i } else { m.points - 1 - i };
        let at = field::POINT + k * field::STRIDE;
        let c = load3(world, w, at);
        let separation = m.load(at + field::SEPARATION) + opened + turn.dot(c);
        let before = m.load(at + field::IMPULSE);
        let (bias, mass_scale, impulse_scale) = soft_push(separation, push, softness);
        let wanted = before - m.load(at + field::MASS) * mass_scale * (m.approach(c) + bias) - impulse_scale * before;
        let after = chosen(lanes, wanted.max(zero), before);
        m.save(at + field::IMPULSE, after);
        if !push {
            // Not in the first pass: there the even impulse still stands at points that only came near, and those must not bounce.
            m.save(at + field::PEAK, m.load(at + field::PEAK).max(after));
        }
        m.press(c, after - before);
        total = total + after;
    }
    rub(&mut m, total, lanes);
    if world.columns.wide_manifold_slots.get(w * SLOT_WORDS + 9) != 0 {
        resist_rolling(&mut m, total, lanes);
    }
    if !push {
        m.save(field::TOTAL, chosen(lanes, m.load(field::TOTAL) + total, m.load(field::TOTAL)));
    }
    m.close(lanes);
}

/// The same impulse at all points, for what is common to them: a box that lies flat is done with it, and none of its corners is first.
///
/// It gives way as the points' springs do side by side, whose masses add up to more than the one of their centre where a body is long or the
/// points are close to each other. As one spring of the centre's mass it would be softer than they are: the two would undo each other's work in
/// every pass, and planks that lie across each other would never rest.
#[inline(always)]
fn press_evenly(m: &mut Wide, (opened, turn): (Real4, Vector4), (push, softness): (bool, &WideSoftness), lanes: u32) {
    let zero = Real4::splat(0.0);
    let share = m.load(field::SHARE);
    let c = load3(m.world, m.w, field::CENTRE).cross(m.n);
    let (mut separation, mut before, mut masses) = (zero, zero, zero);
    for k in 0..m.points {
        let at = field::POINT + k * field::STRIDE;
        let mass = m.load(at + field::MASS);
        masses = masses + mass;
        separation = separation + m.load(at + field::SEPARATION).keep(mass.gt(zero));
        before = before + m.load(at + field::IMPULSE);
    }
    let separation = separation * share + opened + turn.dot(c);
    let (bias, mass_scale, impulse_scale) = soft_push(separation, push, softness);
    let (mean, closing) = (m.load(field::MEAN_MASS), m.approach(c) + bias);
    let sum = if push {
        let give = mass_scale * masses + impulse_scale * mean;
        (mean * (mass_scale * masses * closing + impulse_scale * before) / give).keep(give.gt(zero))
    } else {
        mean * closing
    };
    let change = -(sum * share);
    let (mut total, mut arm) = (zero, Vector4::zero());
    for k in 0..m.points {
        let at = field::POINT + k * field::STRIDE;
        let old = m.load(at + field::IMPULSE);
        let new = chosen(lanes, (old + change).max(zero).keep(m.load(at + field::MASS).gt(zero)), old);
        m.save(at + field::IMPULSE, new);
        total = total + (new - old);
        arm = arm + load3(m.world, m.w, at).scale(new - old);
    }
    m.push(m.n.scale(total));
    m.spin(arm, arm + m.e.scale(total));
}

/// Friction at the centre of the points: a tangent impulse inside Coulomb's cone, and a twist about the normal inside its share.
#[inline(always)]
fn rub(m: &mut Wide, total: Real4, lanes: u32) {
    let (world, w) = (m.world, m.w);
    let (t, centre, d) = (load3(world, w, field::T), load3(world, w, field::CENTRE), load3(world, w, field::D));
    let s = m.n.cross(t);
    let limit = m.load(field::FRICTION) * total;
    let spin = m.n.dot(m.b.angular - m.a.angular);
    let before = m.load(field::TWIST);
    let most = limit * m.load(field::LEVER);
    let wanted = (before - m.load(field::TWIST_MASS) * spin).min(most).max(-most);
    let after = chosen(lanes, wanted, before);
    m.save(field::TWIST, after);
    let twist = m.n.scale(after - before);
    m.spin(twist, twist);

    let slip = m.b.velocity - m.a.velocity + m.b.angular.cross(centre + d) - m.a.angular.cross(centre);
    let (x, y) = (t.dot(slip), s.dot(slip));
    let (k11, k12, k22) = (m.load(field::TANGENT_MASS), m.load(field::TANGENT_MASS + 1), m.load(field::TANGENT_MASS + 2));
    let (px, py) = (m.load(field::TANGENT), m.load(field::TANGENT + 1));
    let (wx, wy) = (px - (k11 * x + k12 * y), py - (k12 * x + k22 * y));
    let length2 = wx * wx + wy * wy;
    let share = length2.gt(limit * limit).select(limit / length2.sqrt(), Real4::splat(1.0));
    let (ax, ay) = (chosen(lanes, wx * share, px), chosen(lanes, wy * share, py));
    m.save(field::TANGENT, ax);
    m.save(field::TANGENT + 1, ay);
    let p = t.scale(ax - px) + s.scale(ay - py);
    m.push(p);
    m.spin(centre.cross(p), (centre + d).cross(p));
}

/// An angular impulse against the relative spin, of at most the rolling resistance times the normal impulse.
#[inline(never)]
fn resist_rolling(m: &mut Wide, total: Real4, lanes: u32) {
    let before = load3(m.world, m.w, field::ROLL);
    let spin = m.b.angular - m.a.angular;
    let wanted = before - spin.scale(m.load(field::ROLL_MASS));
    let limit = m.load(field::ROLLING) * total;
    let length2 = wanted.dot(wanted);
    let share = length2.gt(limit * limit).select(limit / length2.sqrt(), Real4::splat(1.0));
    let inside = wanted.scale(share);
    let after = Vector4::new(chosen(lanes, inside.x, before.x), chosen(lanes, inside.y, before.y), chosen(lanes, inside.z, before.z));
    m.save(field::ROLL, after.x);
    m.save(field::ROLL + 1, after.y);
    m.save(field::ROLL + 2, after.z);
    let turn = after - before;
    m.spin(turn, turn);
}
