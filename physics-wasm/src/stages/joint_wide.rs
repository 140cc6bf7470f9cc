//! Four joints side by side: their values, their bodies as they stand now, and the small algebra that the rows need.

use super::solver_body::KICKED;
use crate::layout::{SOLVER_BODY, SOLVER_FRAME, WIDE_JOINT};
use crate::wide::{transpose, Mask4, Real, Real4, Vector4, Word4, LANES};
use crate::world::World;

/// Values of a wide joint.
pub mod field {
    #![allow(missing_docs)]
    pub const ARM_A: usize = 0;
    pub const FRAME_A: usize = 3;
    pub const ARM_B: usize = 7;
    pub const FRAME_B: usize = 10;
    /// b − a, centres, before the step.
    pub const DELTA: usize = 14;
    /// Truths, 0 or 1: anchors meet; but for the axis; directions agree; but for a turn about the axis.
    pub const POINT: usize = 17;
    pub const SLIDES: usize = 18;
    pub const ALIGNED: usize = 19;
    pub const HINGED: usize = 20;
    /// The rows of anchors and directions are a spring; its factors.
    pub const BLOCK_SOFT: usize = 21;
    pub const BLOCK_MASS: usize = 22;
    pub const BLOCK_RATE: usize = 23;
    pub const BLOCK_IMPULSE: usize = 24;
    /// The axis has rows: along it, about it; it is the line between the anchors.
    pub const AXIS_LINEAR: usize = 25;
    pub const AXIS_ANGULAR: usize = 26;
    pub const DISTANCE: usize = 27;
    pub const LIMITED: usize = 28;
    pub const LOWER: usize = 29;
    pub const UPPER: usize = 30;
    /// Angles are counted within half a turn of this one.
    pub const MIDDLE: usize = 31;
    /// The row of motor, spring or equality: whether there is one, a spring; held between; speed; largest impulse; factors.
    pub const ROW: usize = 32;
    pub const ROW_SOFT: usize = 33;
    pub const ROW_LOW: usize = 34;
    pub const ROW_HIGH: usize = 35;
    pub const ROW_SPEED: usize = 36;
    pub const ROW_MOST: usize = 37;
    pub const ROW_MASS: usize = 38;
    pub const ROW_RATE: usize = 39;
    pub const ROW_IMPULSE: usize = 40;
    pub const CONED: usize = 41;
    pub const CONE: usize = 42;
    /// Impulses, in the order of `joint::state`.
    pub const IMPULSE: usize = 43;
    /// Sums of the impulses after each sub-step.
    pub const FORCE: usize = 53;
    pub const TORQUE: usize = 56;
    /// Largest angular impulse of friction, and what it was in this sub-step.
    pub const FRICTION: usize = 59;
    pub const FELT: usize = 60;
    /// It holds a point and nothing else.
    pub const PLAIN: usize = 63;
    /// Single impulses.
    pub const ANCHORS: usize = IMPULSE;
    pub const DIRECTIONS: usize = IMPULSE + 3;
    pub const MOTOR: usize = IMPULSE + 6;
    pub const LOW: usize = IMPULSE + 7;
    pub const HIGH: usize = IMPULSE + 8;
    pub const SWING: usize = IMPULSE + 9;
}
use field::*;

/// A pivot below this share of its diagonal is rounding: the bodies cannot move that way.
const SINGULAR: Real = 4.0 * Real::EPSILON;
/// A symmetric matrix a lane: xx, yy, zz, xy, xz, yz.
pub type Sym4 = [Real4; 6];

/// A quaternion a lane.
#[derive(Clone, Copy)]
pub struct Quat4 {
    /// Imaginary part.
    pub v: Vector4,
    /// Real part.
    pub w: Real4,
}

impl Quat4 {
    /// `p` turned.
    #[inline(always)]
    pub fn rotate(self, p: Vector4) -> Vector4 {
        let t = self.v.cross(p);
        let t = t + t;
        p + t.scale(self.w) + self.v.cross(t)
    }
    /// The inverse of a unit quaternion.
    #[inline(always)]
    pub fn conjugate(self) -> Self {
        Self { v: Vector4::zero() - self.v, w: self.w }
    }
    /// First `o`, then `self`.
    #[inline(always)]
    pub fn after(self, o: Self) -> Self {
        Self { v: o.v.scale(self.w) + self.v.scale(o.w) + self.v.cross(o.v), w: self.w * o.w - self.v.dot(o.v) }
    }
}

#[inline(always)]
fn transform(m: &Sym4, v: Vector4) -> Vector4 {
    Vector4::new(m[0] * v.x + m[3] * v.y + m[4] * v.z, m[3] * v.x + m[1] * v.y + m[5] * v.z, m[4] * v.x + m[5] * v.y + m[2] * v.z)
}

/// A symmetric positive matrix as L D Lᵀ; what no body can move has no inverse and gets no impulse.
pub struct Factors {
    d: [Real4; 3],
    l: [Real4; 3],
}

impl Factors {
    /// The factors of a matrix.
    #[inline(always)]
    pub fn of(m: &Sym4) -> Self {
        let zero = Real4::splat(0.0);
        let invert = |pivot: Real4, diagonal: Real4| {
            let sound = pivot.gt(diagonal * Real4::splat(SINGULAR));
            sound.select(Real4::splat(1.0) / sound.select(pivot, Real4::splat(1.0)), zero)
        };
        let d0 = invert(m[0], m[0]);
        let (l10, l20) = (m[3] * d0, m[4] * d0);
        let d1 = invert(m[1] - l10 * m[3], m[1]);
        let below = m[5] - l20 * m[3];
        let l21 = below * d1;
        let d2 = invert(m[2] - l20 * m[4] - l21 * below, m[2]);
        Self { d: [d0, d1, d2], l: [l10, l20, l21] }
    }
    /// What the matrix makes `b` of.
    #[inline(always)]
    pub fn solve(&self, b: Vector4) -> Vector4 {
        let y1 = b.y - self.l[0] * b.x;
        let y2 = b.z - self.l[1] * b.x - self.l[2] * y1;
        let z = y2 * self.d[2];
        let y = y1 * self.d[1] - self.l[2] * z;
        Vector4::new(b.x * self.d[0] - self.l[0] * y - self.l[1] * z, y, z)
    }
    /// The solution without a part along `free`, where the mask is set.
    #[inline(always)]
    pub fn solve_beside(&self, b: Vector4, free: Vector4, mask: Mask4) -> Vector4 {
        let full = self.solve(b);
        if !mask.any() {
            return full;
        }
        let along = self.solve(free);
        let size = free.dot(along);
        let sound = size.gt(Real4::splat(0.0));
        let part = sound.select(free.dot(full) / sound.select(size, Real4::splat(1.0)), Real4::splat(0.0));
        (full - along.scale(part)).select(mask, full)
    }
}

/// 1/v where v is positive, else 0.
#[inline(always)]
pub fn inverse_or_zero(v: Real4) -> Real4 {
    let sound = v.gt(Real4::splat(0.0));
    sound.select(Real4::splat(1.0) / sound.select(v, Real4::splat(1.0)), Real4::splat(0.0))
}

/// The bodies at one end of four joints.
pub struct End {
    /// Velocity.
    pub velocity: Vector4,
    /// 1 / mass; 0 for what no joint moves.
    pub inverse_mass: Real4,
    /// Angular velocity.
    pub angular: Vector4,
    /// Last number of the row, kept for writing back.
    spare: Real4,
    displacement: Vector4,
    rotation: Quat4,
    /// Inverse inertia, world axes.
    pub inertia: Sym4,
}

impl End {
    /// Inverse inertia times `v`.
    #[inline(always)]
    pub fn turned(&self, v: Vector4) -> Vector4 {
        transform(&self.inertia, v)
    }
    /// [r]× I⁻¹ [r]×ᵀ: how an impulse moves the end of the arm `r` by turning the body.
    #[inline(always)]
    pub fn at_arm(&self, r: Vector4) -> Sym4 {
        let [xx, yy, zz, xy, xz, yz] = self.inertia;
        let (x, y, z) = (r.x, r.y, r.z);
        let first = Vector4::new(y * xz - z * xy, y * yz - z * yy, y * zz - z * yz);
        let second = Vector4::new(z * xx - x * xz, z * xy - x * yz, z * xz - x * zz);
        let third = Vector4::new(x * xy - y * xx, x * yy - y * xy, x * yz - y * xz);
        [
            y * first.z - z * first.y,
            z * second.x - x * second.z,
            x * third.y - y * third.x,
            y * second.z - z * second.y,
            y * third.z - z * third.y,
            z * third.x - x * third.z,
        ]
    }
}

/// A wide joint while it is worked on.
pub struct Wide<'w> {
    world: &'w World,
    at: usize,
    /// Which lanes are at work.
    lanes: Mask4,
    /// First bodies.
    pub a: End,
    /// Second bodies.
    pub b: End,
    /// a's frame.
    pub frame_a: Quat4,
    /// b's frame seen from a's; its real part is not negative.
    pub turn: Quat4,
    /// Arms to the anchors; a's reaches to b's anchor where the joint slides.
    pub arm_a: Vector4,
    /// See `arm_a`.
    pub arm_b: Vector4,
    /// From a's anchor to b's.
    pub apart: Vector4,
    /// The joint's axis: x of a's frame.
    pub axis: Vector4,
}

impl Wide<'_> {
    /// Value `index`.
    #[inline(always)]
    pub fn load(&self, index: usize) -> Real4 {
        self.world.columns.wide_joint.load((self.at + index) * LANES)
    }
    /// Values from `index` on.
    #[inline(always)]
    pub fn vector(&self, index: usize) -> Vector4 {
        Vector4::new(self.load(index), self.load(index + 1), self.load(index + 2))
    }
    /// Writes value `index` where lanes are at work, `before` elsewhere; gives what it wrote.
    #[inline(always)]
    pub fn keep(&self, index: usize, after: Real4, before: Real4) -> Real4 {
        let v = self.lanes.select(after, before);
        self.world.columns.wide_joint.store((self.at + index) * LANES, v);
        v
    }
    /// Likewise, values from `index` on.
    #[inline(always)]
    pub fn keep_vector(&self, index: usize, v: Vector4) -> Vector4 {
        let before = self.vector(index);
        Vector4::new(self.keep(index, v.x, before.x), self.keep(index + 1, v.y, before.y), self.keep(index + 2, v.z, before.z))
    }
    /// Whether value `index` is true.
    #[inline(always)]
    pub fn truth(&self, index: usize) -> Mask4 {
        self.load(index).gt(Real4::splat(0.5))
    }
    /// Gives b the impulse `p` at the anchors and a its opposite.
    #[inline(always)]
    pub fn push(&mut self, p: Vector4) {
        self.a.velocity = self.a.velocity - p.scale(self.a.inverse_mass);
        self.b.velocity = self.b.velocity + p.scale(self.b.inverse_mass);
        self.a.angular = self.a.angular - self.a.turned(self.arm_a.cross(p));
        self.b.angular = self.b.angular + self.b.turned(self.arm_b.cross(p));
    }
    /// Gives b the angular impulse `p` and a its opposite.
    #[inline(always)]
    pub fn turn_by(&mut self, p: Vector4) {
        self.a.angular = self.a.angular - self.a.turned(p);
        self.b.angular = self.b.angular + self.b.turned(p);
    }
    /// Velocity of b against a at the anchors.
    #[inline(always)]
    pub fn velocity(&self) -> Vector4 {
        self.b.velocity + self.b.angular.cross(self.arm_b) - self.a.velocity - self.a.angular.cross(self.arm_a)
    }
    /// The small turn that is between b's directions and where they should be, world axes; a hinge's angle is none of it.
    #[inline(always)]
    pub fn misalignment(&self) -> Vector4 {
        let (q, w, hinged) = (self.turn.v, self.turn.w, self.truth(HINGED));
        let untwist = inverse_or_zero((q.x * q.x + w * w).sqrt());
        let swung = Vector4::new(Real4::splat(0.0), (q.y * w - q.z * q.x) * untwist, (q.z * w + q.y * q.x) * untwist);
        let error = self.frame_a.rotate(swung.select(hinged, q));
        error + error
    }
    /// Angular velocity of b against a.
    #[inline(always)]
    pub fn spin(&self) -> Vector4 {
        self.b.angular - self.a.angular
    }
}

#[inline(always)]
fn row(column: &crate::column::Column<Real>, slots: &[u32; 4], stride: usize, row: usize) -> [Real4; 4] {
    transpose(slots.map(|slot| column.load(slot as usize * stride + 4 * row)))
}

#[inline(always)]
fn gather(world: &World, slots: &[u32; 4], rests: Mask4) -> End {
    let c = &world.columns;
    let [vx, vy, vz, inverse_mass] = row(&c.solver, slots, SOLVER_BODY, 0);
    let [wx, wy, wz, spare] = row(&c.solver, slots, SOLVER_BODY, 1);
    let [dx, dy, dz, _] = row(&c.solver, slots, SOLVER_BODY, 2);
    let [qx, qy, qz, qw] = row(&c.solver_frame, slots, SOLVER_FRAME, 1);
    let [xx, yy, zz, xy] = row(&c.solver_frame, slots, SOLVER_FRAME, 2);
    let [xz, yz, _, _] = row(&c.solver_frame, slots, SOLVER_FRAME, 3);
    let zero = Real4::splat(0.0);
    let still = |v: Real4, at_rest: Real| rests.select(Real4::splat(at_rest), v);
    // What has no mass turns as little as it moves, whatever its row says.
    let heavy = inverse_mass.gt(zero);
    End {
        velocity: Vector4::new(vx, vy, vz),
        inverse_mass,
        angular: Vector4::new(wx, wy, wz),
        spare,
        displacement: Vector4::new(dx, dy, dz),
        rotation: Quat4 { v: Vector4::new(still(qx, 0.0), still(qy, 0.0), still(qz, 0.0)), w: still(qw, 1.0) },
        inertia: [xx, yy, zz, xy, xz, yz].map(|v| heavy.select(v, zero)),
    }
}

/// Writes back the dynamic bodies of the lanes in `lanes`.
///
/// The kick of the next sub-step repeats what constraints gave a body as changes of its velocities; a joint's impulse must not be repeated so, for
/// its arm turns with the body: I⁻¹((r − r′) × λ) is nothing that its rows could take back, and a pendulum gained energy by it. So joints
/// add what they give to the velocities after the kick, too, and are warm-started themselves.
#[inline(always)]
fn scatter(world: &World, slots: &[u32; 4], end: &End, lanes: u32) {
    let rows = [
        transpose([end.velocity.x, end.velocity.y, end.velocity.z, end.inverse_mass]),
        transpose([end.angular.x, end.angular.y, end.angular.z, end.spare]),
    ];
    let dynamic = end.inverse_mass.gt(Real4::splat(0.0)).bits() & lanes;
    for lane in 0..LANES {
        if dynamic & (1 << lane) != 0 {
            let (at, frame) = (slots[lane] as usize * SOLVER_BODY, slots[lane] as usize * SOLVER_FRAME);
            let (s, f) = (&world.columns.solver, &world.columns.solver_frame);
            for index in 0..2 {
                let (at, kicked) = (at + 4 * index, frame + 4 * KICKED[index]);
                f.store(kicked, f.load(kicked) + (rows[index][lane] - s.load(at)));
                s.store(at, rows[index][lane]);
            }
        }
    }
}

/// Whether four joints hold points and nothing else.
#[inline(always)]
pub fn plain(world: &World, w: usize) -> bool {
    world.columns.wide_joint.load((w * WIDE_JOINT + PLAIN) * LANES).gt(Real4::splat(0.5)).bits() == 15
}

/// Reads the bodies of a wide joint and how they stand to each other.
#[inline(always)]
pub fn open(world: &World, w: usize, lanes: u32) -> Wide<'_> {
    let zero = Real4::splat(0.0);
    let mut joint = open_plain(world, w, lanes);
    joint.arm_a = (joint.arm_a + joint.apart).select(joint.truth(SLIDES), joint.arm_a);
    joint.frame_a = joint.a.rotation.after(Quat4 { v: joint.vector(FRAME_A), w: joint.load(FRAME_A + 3) });
    let frame_b = joint.b.rotation.after(Quat4 { v: joint.vector(FRAME_B), w: joint.load(FRAME_B + 3) });
    // The shorter of the two turns that a rotation has.
    let turn = joint.frame_a.conjugate().after(frame_b);
    let long = turn.w.lt(zero);
    joint.turn = Quat4 { v: (Vector4::zero() - turn.v).select(long, turn.v), w: long.select(-turn.w, turn.w) };
    joint.axis = joint.frame_a.rotate(Vector4::splat([1.0, 0.0, 0.0]));
    joint
}

/// Likewise, but for what directions, axes and limits need.
#[inline(always)]
pub fn open_plain(world: &World, w: usize, lanes: u32) -> Wide<'_> {
    let c = &world.columns;
    let words = [c.wide_joint_slots.load(w * 8), c.wide_joint_slots.load(w * 8 + 4)];
    let [a, b] = words.map(|slots| gather(world, &slots.to_array(), slots.eq(Word4::splat(0))));
    let zero = Real4::splat(0.0);
    let work: [Real; 4] = core::array::from_fn(|lane| (lanes >> lane & 1) as Real);
    let mut joint = Wide {
        world,
        at: w * WIDE_JOINT,
        lanes: Real4::from_array(work).gt(Real4::splat(0.5)),
        a,
        b,
        frame_a: Quat4 { v: Vector4::zero(), w: zero },
        turn: Quat4 { v: Vector4::zero(), w: zero },
        arm_a: Vector4::zero(),
        arm_b: Vector4::zero(),
        apart: Vector4::zero(),
        axis: Vector4::zero(),
    };
    joint.arm_a = joint.a.rotation.rotate(joint.vector(ARM_A));
    joint.arm_b = joint.b.rotation.rotate(joint.vector(ARM_B));
    joint.apart = joint.vector(DELTA) + (joint.b.displacement - joint.a.displacement) + (joint.arm_b - joint.arm_a);
    joint
}

/// Writes them back.
#[inline(always)]
pub fn close(joint: &Wide, w: usize, lanes: u32) {
    let c = &joint.world.columns;
    scatter(joint.world, &c.wide_joint_slots.load(w * 8).to_array(), &joint.a, lanes);
    scatter(joint.world, &c.wide_joint_slots.load(w * 8 + 4).to_array(), &joint.b, lanes);
}
