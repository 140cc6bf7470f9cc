//! The rows of four joints that have limits: along or about the axis, and the cone.
//!
//! An impulse of such a row comes with the impulses of the block (`joint_block`) that undo what it does there, and its effective mass is that
//! of both together: a limit then stops the whole swing of a body on a long arm at once, where row against row would take dozens of rounds.

use super::joint_block::Block;
use super::joint_spring::Soft;
use super::joint_wide::{field::*, inverse_or_zero, Wide};
use crate::geometry::angle::{atan2, wrap};
use crate::wide::{Real, Real4, Vector4, TINY};

/// Smallest cos² of half the swing that a twist is divided by: at more than 176° of swing a twist means little.
const SWUNG: Real = 1e-3;

/// What rows with limits need to know of the pass.
pub struct Limits {
    /// Whether errors are pushed out; else only their velocity is taken away.
    pub push: bool,
    /// Softness of hard rows.
    pub hard: Soft,
    /// 1 / length of the sub-step.
    pub inverse_h: Real,
}

impl Limits {
    /// The impulse of a row that only pushes: `gap` to its limit, `speed` at which the gap grows, effective mass, impulse so far.
    #[inline(always)]
    fn press(&self, gap: Real4, speed: Real4, mass: Real4, before: Real4) -> Real4 {
        let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
        let open = gap.gt(zero);
        let reach = gap * Real4::splat(self.inverse_h);
        let (share, bias, back) = if self.push {
            let out = gap * Real4::splat(self.hard.rate);
            (open.select(one, Real4::splat(self.hard.mass)), open.select(reach, out), open.select(zero, Real4::splat(self.hard.impulse)))
        } else {
            (one, open.select(reach, zero), zero)
        };
        (before - mass * (share * speed + bias) - back * before).max(zero)
    }
}

/// A row, and what comes with it.
struct Row {
    /// Force on b for an impulse of one; zero where the row turns.
    line: Vector4,
    on_a: Vector4,
    on_b: Vector4,
    /// Changes of velocity and of angular velocity for an impulse of one, the block's answer included.
    moved: Vector4,
    turn_a: Vector4,
    turn_b: Vector4,
    /// The block's answer.
    anchors: Vector4,
    directions: Vector4,
    /// Effective mass.
    mass: Real4,
}

/// Smallest share of a row's own mobility that counts when the block answers: less is rounding.
const STIFF: Real = 16.0 * Real::EPSILON;

impl Row {
    /// The row of these directions, answered by the block. One copy for the three kinds of rows.
    #[inline(never)]
    fn of(joint: &Wide, line: Vector4, on_a: Vector4, on_b: Vector4, block: Option<&Block>) -> Self {
        let (turn_a, turn_b) = (joint.a.turned(on_a), joint.b.turned(on_b));
        let masses = joint.a.inverse_mass + joint.b.inverse_mass;
        let own = masses * line.dot(line) + on_a.dot(turn_a) + on_b.dot(turn_b);
        let alone = Self {
            line,
            on_a,
            on_b,
            moved: line,
            turn_a,
            turn_b,
            anchors: Vector4::zero(),
            directions: Vector4::zero(),
            mass: inverse_or_zero(own),
        };
        let Some(block) = block else { return alone };
        let at_anchors = line.scale(masses) + turn_b.cross(joint.arm_b) + turn_a.cross(joint.arm_a);
        let spin = turn_a + turn_b;
        let (anchors, directions) = block.answer(joint, at_anchors, spin);
        let mobility = (own + at_anchors.dot(anchors) + spin.dot(directions)).max(own * Real4::splat(STIFF));
        Self {
            moved: line + anchors,
            turn_a: turn_a + joint.a.turned(joint.arm_a.cross(anchors) + directions),
            turn_b: turn_b + joint.b.turned(joint.arm_b.cross(anchors) + directions),
            anchors,
            directions,
            mass: inverse_or_zero(mobility),
            ..alone
        }
    }
    #[cfg_attr(not(feature = "double"), inline(always))]
    #[cfg_attr(feature = "double", inline(never))]
    fn speed(&self, joint: &Wide) -> Real4 {
        let moved = self.line.dot(joint.b.velocity - joint.a.velocity);
        moved + self.on_b.dot(joint.b.angular) - self.on_a.dot(joint.a.angular)
    }
    // Inline, chains are 3 % faster; in 64 bits that would be 2 kB more to download.
    #[cfg_attr(not(feature = "double"), inline(always))]
    #[cfg_attr(feature = "double", inline(never))]
    fn push(&self, joint: &mut Wide, impulse: Real4) {
        joint.a.velocity = joint.a.velocity - self.moved.scale(impulse * joint.a.inverse_mass);
        joint.b.velocity = joint.b.velocity + self.moved.scale(impulse * joint.b.inverse_mass);
        joint.a.angular = joint.a.angular - self.turn_a.scale(impulse);
        joint.b.angular = joint.b.angular + self.turn_b.scale(impulse);
    }
    /// Adds the block's answers to an impulse of this row to the block's own.
    #[cfg_attr(not(feature = "double"), inline(always))]
    #[cfg_attr(feature = "double", inline(never))]
    fn note(&self, joint: &Wide, impulse: Real4) {
        joint.keep_vector(ANCHORS, joint.vector(ANCHORS) + self.anchors.scale(impulse));
        joint.keep_vector(DIRECTIONS, joint.vector(DIRECTIONS) + self.directions.scale(impulse));
    }
}

/// The row along or about the axis, and the distance, translation or angle.
#[inline(never)]
fn axis(joint: &Wide, block: Option<&Block>) -> (Row, Real4) {
    let (linear, angular, between) = (joint.truth(AXIS_LINEAR), joint.truth(AXIS_ANGULAR), joint.truth(DISTANCE));
    let length = joint.apart.dot(joint.apart).sqrt();
    let away = length.gt(Real4::splat(TINY));
    let straight = joint.apart.scale(inverse_or_zero(length)).select(away & between, joint.axis);
    let line = straight.select(linear, Vector4::zero());
    let (mut on_a, mut on_b) = (joint.arm_a.cross(line), joint.arm_b.cross(line));
    let mut at = between.select(length, joint.apart.dot(joint.axis));
    if angular.any() {
        // θ = 2 atan2(x, w); its rate is this direction times the relative angular velocity.
        let (q, w) = (joint.turn.v, joint.turn.w);
        let cos2 = inverse_or_zero((q.x * q.x + w * w).max(Real4::splat(SWUNG)));
        let twist = Vector4::new(Real4::splat(1.0), (q.z * w + q.x * q.y) * cos2, (q.x * q.z - q.y * w) * cos2);
        let twist = joint.frame_a.rotate(twist);
        on_a = twist.select(angular, on_a);
        on_b = twist.select(angular, on_b);
        let angle = atan2(q.x, w);
        at = angular.select(wrap(angle + angle, joint.load(MIDDLE)), at);
    }
    (Row::of(joint, line, on_a, on_b, block), at)
}

/// What the axis rows push together.
#[inline(always)]
fn net(joint: &Wide) -> Real4 {
    joint.load(MOTOR) + joint.load(LOW) - joint.load(HIGH)
}

/// Gives the axis rows' impulses of the last sub-step.
#[inline(never)]
pub fn warm_axis(joint: &mut Wide) {
    let (row, _) = axis(joint, None);
    let impulse = net(joint);
    row.push(joint, impulse);
}

/// Motor, spring or equality, then the limits. Gives the impulse on b and the angular impulse about the anchor that they hold now.
#[inline(never)]
pub fn solve_axis(joint: &mut Wide, block: Option<&Block>, limits: &Limits) -> (Vector4, Vector4) {
    let (axis, at) = axis(joint, block);
    let before_all = net(joint);
    let row = joint.truth(ROW);
    if row.any() {
        let before = joint.load(MOTOR);
        let held = at.max(joint.load(ROW_LOW)).min(joint.load(ROW_HIGH));
        let error = at - held;
        let pulls = at.le(joint.load(ROW_LOW)) | at.ge(joint.load(ROW_HIGH));
        let speed = axis.speed(joint) - joint.load(ROW_SPEED);
        let wanted = if limits.push {
            let ask = joint.load(ROW_MASS) * speed + joint.load(ROW_RATE) * error;
            before - axis.mass * ask - joint.load(ROW_IMPULSE) * before
        } else {
            before - axis.mass * speed
        };
        let most = joint.load(ROW_MOST);
        let inside = pulls.select(wanted.max(-most).min(most), Real4::splat(0.0));
        // A spring pulls once a sub-step.
        let at_work = if limits.push { row } else { row.without(joint.truth(ROW_SOFT)) };
        let after = joint.keep(MOTOR, at_work.select(inside, before), before);
        axis.push(joint, after - before);
    }
    let limited = joint.truth(LIMITED);
    if limited.any() {
        let before = joint.load(LOW);
        let wanted = limits.press(at - joint.load(LOWER), axis.speed(joint), axis.mass, before);
        let after = joint.keep(LOW, limited.select(wanted, before), before);
        axis.push(joint, after - before);
        let before = joint.load(HIGH);
        let wanted = limits.press(joint.load(UPPER) - at, -axis.speed(joint), axis.mass, before);
        let after = joint.keep(HIGH, limited.select(wanted, before), before);
        axis.push(joint, before - after);
    }
    let held = net(joint);
    axis.note(joint, held - before_all);
    (axis.line.scale(held), axis.on_b.scale(held).select(joint.truth(AXIS_ANGULAR), Vector4::zero()))
}

/// The unit axis about which b's axis is swung out of a's, and by how much.
#[inline(never)]
fn swing(joint: &Wide) -> (Vector4, Real4) {
    let (q, w) = (joint.turn.v, joint.turn.w);
    // The turn without its twist: x = 0.
    let (y, z) = (q.y * w - q.z * q.x, q.z * w + q.y * q.x);
    let length = (y * y + z * z).sqrt();
    let swung = length.gt(Real4::splat(TINY));
    let inverse = inverse_or_zero(length);
    let zero = Real4::splat(0.0);
    let local = Vector4::new(zero, swung.select(y * inverse, Real4::splat(1.0)), swung.select(z * inverse, zero));
    let angle = atan2((q.y * q.y + q.z * q.z).sqrt(), (q.x * q.x + w * w).sqrt());
    (joint.frame_a.rotate(local), angle + angle)
}

/// Gives the cone's impulse of the last sub-step.
#[inline(never)]
pub fn warm_cone(joint: &mut Wide) {
    let (axis, _) = swing(joint);
    joint.turn_by(axis.scale(-joint.load(SWING)));
}

/// Keeps b's axis inside the cone about a's. Gives the angular impulse it holds now.
#[inline(never)]
pub fn solve_cone(joint: &mut Wide, block: Option<&Block>, limits: &Limits) -> Vector4 {
    let (axis, angle) = swing(joint);
    let row = Row::of(joint, Vector4::zero(), axis, axis, block);
    let before = joint.load(SWING);
    let wanted = limits.press(joint.load(CONE) - angle, -row.speed(joint), row.mass, before);
    let after = joint.keep(SWING, joint.truth(CONED).select(wanted, before), before);
    row.push(joint, before - after);
    row.note(joint, before - after);
    axis.scale(-after)
}

/// Friction of what may turn: takes the spin of the axis, or about any where all are free, as far as its torque reaches. Once a sub-step.
#[inline(never)]
pub fn rub(joint: &mut Wide, block: Option<&Block>) {
    let spin = joint.spin();
    let size = spin.dot(spin).sqrt();
    let turns = size.gt(Real4::splat(TINY));
    let along = spin.scale(inverse_or_zero(size)).select(turns, joint.axis);
    let axis = joint.axis.select(joint.truth(HINGED), along);
    let row = Row::of(joint, Vector4::zero(), axis, axis, block);
    let most = joint.load(FRICTION);
    let impulse = (Real4::splat(0.0) - row.mass * row.speed(joint)).min(most).max(-most);
    row.push(joint, impulse);
    row.note(joint, impulse);
    joint.keep_vector(FELT, axis.scale(impulse));
}
