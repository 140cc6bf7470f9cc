//! Manifolds: contacts of shapes other than spheres, up to four points each, kept for two steps so that a contact can go on where it was.
//!
//! A record holds what outlives a step: the points in both bodies' frames, their ids, their impulses, and the pose at which they were found.
//! `prepare` puts four records side by side for the solver (`manifold_solve`), `store` brings the impulses back.
//!
//! The solver's form: normal n, arms rA to each point, d = rB − rA (the same for all points). With c = rA × n and e = d × n the approach at a
//! point is n·(vB − vA) + ωB·(c + e) − ωA·c, so a point needs only c. Friction acts at the centre of the points, in two directions at once,
//! and about the normal (as Box3D does it): one block for up to four points.

use super::contact::BOUNCE_THRESHOLD;
use super::solver_body;
use crate::column::Column;
use crate::geometry::manifold::MAX_POINTS;
use crate::geometry::vector::{add_scaled, cross, scale, Vec3};
use crate::layout::{MANIFOLD_REALS, MANIFOLD_WORDS, SOLVER_BODY, SOLVER_FRAME, WIDE_MANIFOLD};
use crate::wide::{transpose, Real, Real4, Vector4, LANES};
use crate::world::World;

/// Reals of a record. The first `SOLVED` rows of four are what the solver wants, in the world's frame as of this step; behind them is what the
/// narrow phase keeps.
pub mod record {
    #![allow(missing_docs)]
    /// From a to b; then the friction of the pair.
    pub const NORMAL: usize = 0;
    /// d = rB − rA; then the restitution of the pair.
    pub const D: usize = 4;
    /// Tangent impulse; then the rolling resistance of the pair.
    pub const FRICTION: usize = 8;
    /// Impulse against rolling; then the one against twisting.
    pub const ROLLING: usize = 12;
    pub const TWIST: usize = 15;
    /// Centre of the points from a, and their mean distance from it: what a tangent impulse turns on.
    pub const CENTRE: usize = 16;
    /// Points: from a, and the separation. Those that are not there have a gap that nothing closes.
    pub const ARM: usize = 20;
    pub const IMPULSE: usize = 36;
    /// Speed of approach at each point when the step began, m/s; negative when closing.
    pub const APPROACH: usize = 40;
    /// Rows of four so far.
    pub const SOLVED: usize = 11;
    /// The normal in a's frame.
    pub const LOCAL_NORMAL: usize = 44;
    /// Points in a's frame, and the separations when they were found.
    pub const IN_A: usize = 48;
    /// Points in b's frame.
    pub const IN_B: usize = 64;
    /// b's pose in a's frame when the points were found.
    pub const POSITION: usize = 80;
    pub const ROTATION: usize = 84;
}

/// Gap of a point that is not there: nothing closes it.
pub const NO_POINT: Real = 1e18;

/// Words of a record.
pub mod word {
    #![allow(missing_docs)]
    /// Next manifold of the same pair, plus one.
    pub const NEXT: usize = 0;
    /// Which child or triangle of which body.
    pub const SUB: usize = 1;
    pub const COUNT: usize = 2;
    /// Ids of the points.
    pub const ID: usize = 3;
    /// The narrow phase's hint.
    pub const CACHE: usize = 7;
}

/// Values of a wide manifold.
pub mod field {
    #![allow(missing_docs)]
    pub const N: usize = 0;
    pub const T: usize = 3;
    pub const CENTRE: usize = 6;
    pub const D: usize = 9;
    pub const INERTIA_A: usize = 12;
    pub const INERTIA_B: usize = 18;
    pub const FRICTION: usize = 24;
    pub const RESTITUTION: usize = 25;
    /// Inverse of the tangent plane's 2×2 matrix: 11, 12, 22.
    pub const TANGENT_MASS: usize = 26;
    pub const TANGENT: usize = 29;
    pub const TWIST_MASS: usize = 31;
    pub const TWIST: usize = 32;
    /// Mean distance of the points from their centre: what a tangent impulse turns on.
    pub const LEVER: usize = 33;
    pub const ROLLING: usize = 34;
    pub const ROLL_MASS: usize = 35;
    pub const ROLL: usize = 36;
    pub const TOTAL: usize = 39;
    /// One over the number of points.
    pub const SHARE: usize = 40;
    /// Of an impulse at the centre of the points.
    pub const MEAN_MASS: usize = 41;
    /// 1 where a light body bears a heavy one or one of them rests: as stiff as spheres; 2 where both move: damped more, too.
    pub const STIFF: usize = 42;
    /// Of both bodies when the sub-step began, J: a bounce never leaves more.
    pub const ENERGY: usize = 43;
    pub const POINT: usize = 44;
    pub const STRIDE: usize = 8;
    /// Of a point: c = rA × n (three), then these.
    pub const SEPARATION: usize = 3;
    pub const MASS: usize = 4;
    pub const IMPULSE: usize = 5;
    pub const PEAK: usize = 6;
    pub const APPROACH: usize = 7;
}
const _: () = assert!(field::POINT + MAX_POINTS * field::STRIDE <= WIDE_MANIFOLD);

/// Words of a wide manifold's slots: four of `a`, four of `b`, most points of a lane, whether any lane resists rolling, whether any may bounce.
pub const SLOT_WORDS: usize = 12;

/// Real `i` of record `m`.
#[inline(always)]
pub fn real(world: &World, m: usize, i: usize) -> Real {
    world.columns.manifold_real.get(m * MANIFOLD_REALS + i)
}
/// Writes real `i` of record `m`.
#[inline(always)]
pub fn set_real(world: &World, m: usize, i: usize, v: Real) {
    world.columns.manifold_real.set(m * MANIFOLD_REALS + i, v);
}
/// Three reals of record `m` from `i` on.
#[inline(always)]
pub fn vector(world: &World, m: usize, i: usize) -> Vec3 {
    [real(world, m, i), real(world, m, i + 1), real(world, m, i + 2)]
}
/// Writes three reals of record `m`.
#[inline(always)]
pub fn set_vector(world: &World, m: usize, i: usize, v: Vec3) {
    for (k, v) in v.into_iter().enumerate() {
        set_real(world, m, i + k, v);
    }
}
/// Word `i` of record `m`.
#[inline(always)]
pub fn word_of(world: &World, m: usize, i: usize) -> u32 {
    world.columns.manifold_word.get(m * MANIFOLD_WORDS + i)
}
/// Writes word `i` of record `m`.
#[inline(always)]
pub fn set_word(world: &World, m: usize, i: usize, v: u32) {
    world.columns.manifold_word.set(m * MANIFOLD_WORDS + i, v);
}

/// Four manifolds' records side by side: row `r` of each, as columns.
#[inline(always)]
fn rows(world: &World, records: &[usize; LANES], r: usize) -> [Real4; 4] {
    transpose(records.map(|m| world.columns.manifold_real.load(m * MANIFOLD_REALS + 4 * r)))
}

/// Ratio of masses from which a contact is stiff; what rests is heavier than anything.
const UNLIKE: Real = 8.0;

/// What the solver's bodies bring to a manifold.
struct Pair {
    masses: Real4,
    /// See `field::STIFF`.
    unlike: Real4,
    inertia: [Tensor; 2],
    d: Vector4,
}

/// Four symmetric matrices: xx, yy, zz, xy, xz, yz.
type Tensor = [Real4; 6];

/// Matrix times vector.
#[inline(always)]
fn turn(m: &Tensor, v: Vector4) -> Vector4 {
    Vector4::new(m[0] * v.x + m[3] * v.y + m[4] * v.z, m[3] * v.x + m[1] * v.y + m[5] * v.z, m[4] * v.x + m[5] * v.y + m[2] * v.z)
}

impl Pair {
    #[inline(always)]
    fn of(world: &World, slots: &[[u32; LANES]; 2], d: Vector4) -> Self {
        let c = &world.columns;
        let row = |column: &Column<Real>, slots: &[u32; LANES], stride: usize, r: usize| {
            transpose(slots.map(|slot| column.load(slot as usize * stride + 4 * r)))
        };
        let mass = |slots: &[u32; LANES]| row(&c.solver, slots, SOLVER_BODY, 0)[3];
        let inertia = |slots: &[u32; LANES]| -> Tensor {
            let [xx, yy, zz, xy] = row(&c.solver_frame, slots, SOLVER_FRAME, 2);
            let [xz, yz, _, _] = row(&c.solver_frame, slots, SOLVER_FRAME, 3);
            [xx, yy, zz, xy, xz, yz]
        };
        let (a, b) = (mass(&slots[0]), mass(&slots[1]));
        let (one, light, heavy) = (Real4::splat(1.0), a.max(b), a.min(b));
        let unlike = heavy.gt(Real4::splat(0.0)).select(one + one, one).keep(light.gt(heavy * Real4::splat(UNLIKE)));
        Self { masses: a + b, unlike, inertia: [inertia(&slots[0]), inertia(&slots[1])], d }
    }

    /// What an impulse along `one` at arm `r` of a meets along `other`: 1/kg.
    #[inline(always)]
    fn response(&self, r: Vector4, one: Vector4, other: Vector4) -> Real4 {
        let own = |r: Vector4, inertia: &Tensor| r.cross(one).dot(turn(inertia, r.cross(other)));
        self.masses * one.dot(other) + own(r, &self.inertia[0]) + own(r + self.d, &self.inertia[1])
    }
}

#[inline(always)]
fn inverse_or_zero(v: Real4) -> Real4 {
    (Real4::splat(1.0) / v).keep(v.gt(Real4::splat(0.0)))
}

/// A wide manifold to be filled.
struct Wide<'a> {
    world: &'a World,
    w: usize,
}

impl Wide<'_> {
    #[inline(always)]
    fn set(&self, index: usize, v: Real4) {
        self.world.columns.wide_manifold.store((self.w * WIDE_MANIFOLD + index) * LANES, v);
    }
    #[inline(always)]
    fn set3(&self, index: usize, v: Vector4) {
        self.set(index, v.x);
        self.set(index + 1, v.y);
        self.set(index + 2, v.z);
    }
}

/// Puts four manifolds side by side; an empty lane reads the record of the first lane, has no mass and touches slot 0. Gives whether any may
/// bounce in this step.
pub fn prepare(world: &World, w: usize) -> bool {
    let c = &world.columns;
    let (mut slots, mut records, mut points) = ([[0u32; LANES]; 2], [0usize; LANES], 0);
    for lane in 0..LANES {
        let order = c.manifold_order.get(w * LANES + lane) as usize;
        if order == 0 {
            records[lane] = records[0];
            continue;
        }
        let index = order - 1;
        slots[0][lane] = c.slot.get(c.contact_a.get(index) as usize);
        slots[1][lane] = c.slot.get(c.contact_b.get(index) as usize);
        records[lane] = c.contact_manifold.get(index) as usize - 1;
        points = points.max(word_of(world, records[lane], word::COUNT));
    }
    let [rolls, bounces] = fill(world, &Wide { world, w }, &slots, &records);
    let at = w * SLOT_WORDS;
    for (k, slot) in slots.into_iter().flatten().enumerate() {
        c.wide_manifold_slots.set(at + k, slot);
    }
    c.wide_manifold_slots.set(at + 8, points.min(MAX_POINTS as u32));
    c.wide_manifold_slots.set(at + 9, rolls as u32);
    c.wide_manifold_slots.set(at + 10, bounces as u32);
    bounces
}

/// Fills a wide manifold; gives whether any lane resists rolling, and whether any comes in fast enough to bounce.
fn fill(world: &World, wide: &Wide, slots: &[[u32; LANES]; 2], records: &[usize; LANES]) -> [bool; 2] {
    let zero = Real4::splat(0.0);
    let [nx, ny, nz, friction] = rows(world, records, record::NORMAL / 4);
    let [dx, dy, dz, restitution] = rows(world, records, record::D / 4);
    let [cx, cy, cz, lever] = rows(world, records, record::CENTRE / 4);
    let (n, d, centre) = (Vector4::new(nx, ny, nz), Vector4::new(dx, dy, dz), Vector4::new(cx, cy, cz));
    let pair = Pair::of(world, slots, d);
    let (impulses, approaches) = (rows(world, records, record::IMPULSE / 4), rows(world, records, record::APPROACH / 4));
    let (mut count, mut fastest) = (zero, zero);
    for k in 0..MAX_POINTS {
        let [rx, ry, rz, separation] = rows(world, records, record::ARM / 4 + k);
        let arm = Vector4::new(rx, ry, rz);
        let at = field::POINT + k * field::STRIDE;
        wide.set3(at, arm.cross(n));
        let there = separation.lt(Real4::splat(NO_POINT));
        count = count + Real4::splat(1.0).keep(there);
        wide.set(at + field::SEPARATION, separation);
        wide.set(at + field::MASS, inverse_or_zero(pair.response(arm, n, n)).keep(there));
        wide.set(at + field::IMPULSE, impulses[k]);
        wide.set(at + field::PEAK, zero);
        wide.set(at + field::APPROACH, approaches[k]);
        fastest = fastest.min(approaches[k].keep(there));
    }
    wide.set3(field::N, n);
    wide.set3(field::D, d);
    wide.set3(field::CENTRE, centre);
    for (k, (a, b)) in pair.inertia[0].into_iter().zip(pair.inertia[1]).enumerate() {
        wide.set(field::INERTIA_A + k, a);
        wide.set(field::INERTIA_B + k, b);
    }
    wide.set(field::FRICTION, friction);
    wide.set(field::RESTITUTION, restitution);
    wide.set(field::LEVER, lever);
    wide.set(field::STIFF, pair.unlike);
    wide.set(field::SHARE, inverse_or_zero(count));
    wide.set(field::MEAN_MASS, inverse_or_zero(pair.response(centre, n, n)));
    wide.set(field::TOTAL, zero);
    let bounces = restitution.gt(zero) & fastest.lt(Real4::splat(-BOUNCE_THRESHOLD));
    [fill_friction(world, wide, records, (n, centre, &pair)), bounces.any()]
}

/// Takes the bodies' inertia as they are turned now, where something bounces: with that of the step's start, a body that spins would gain energy.
#[inline(never)]
pub fn turn_inertia(world: &World, w: usize, slots: &[[u32; LANES]; 2]) {
    let wide = Wide { world, w };
    let load = |index: usize| world.columns.wide_manifold.load((w * WIDE_MANIFOLD + index) * LANES);
    let load3 = |index: usize| Vector4::new(load(index), load(index + 1), load(index + 2));
    let inertia = [0, 1].map(|end| -> Tensor {
        let tensors = slots[end].map(|slot| solver_body::inverse_inertia_now(world, slot as usize));
        core::array::from_fn(|k| Real4::from_array(tensors.map(|t| t[k])))
    });
    for (k, (a, b)) in inertia[0].into_iter().zip(inertia[1]).enumerate() {
        wide.set(field::INERTIA_A + k, a);
        wide.set(field::INERTIA_B + k, b);
    }
    let masses = [0, 1].map(|end| Real4::from_array(slots[end].map(|slot| world.columns.solver.get(slot as usize * SOLVER_BODY + 3))));
    let e = load3(field::D).cross(load3(field::N));
    for k in 0..MAX_POINTS {
        let at = field::POINT + k * field::STRIDE;
        let c = load3(at);
        let k11 = masses[0] + masses[1] + c.dot(turn(&inertia[0], c)) + (c + e).dot(turn(&inertia[1], c + e));
        wide.set(at + field::MASS, inverse_or_zero(k11).keep(load(at + field::MASS).gt(Real4::splat(0.0))));
    }
}

/// Tangent directions, their 2×2 mass, the masses of twist and roll, and the impulses of the last step.
#[inline(always)]
fn fill_friction(world: &World, wide: &Wide, records: &[usize; LANES], (n, centre, pair): (Vector4, Vector4, &Pair)) -> bool {
    let t = perpendicular(n);
    let s = n.cross(t);
    let (k11, k12, k22) = (pair.response(centre, t, t), pair.response(centre, t, s), pair.response(centre, s, s));
    let inverse = inverse_or_zero(k11 * k22 - k12 * k12);
    let [fx, fy, fz, rolling] = rows(world, records, record::FRICTION / 4);
    let before = Vector4::new(fx, fy, fz);
    wide.set3(field::T, t);
    wide.set(field::TANGENT_MASS, k22 * inverse);
    wide.set(field::TANGENT_MASS + 1, -(k12 * inverse));
    wide.set(field::TANGENT_MASS + 2, k11 * inverse);
    wide.set(field::TANGENT, before.dot(t));
    wide.set(field::TANGENT + 1, before.dot(s));
    let spin = |inertia: &Tensor| n.dot(turn(inertia, n));
    wide.set(field::TWIST_MASS, inverse_or_zero(spin(&pair.inertia[0]) + spin(&pair.inertia[1])));
    let [rx, ry, rz, twist] = rows(world, records, record::ROLLING / 4);
    wide.set(field::TWIST, twist);
    // The trace bounds the largest eigenvalue: one factor for all three axes that never overshoots.
    let trace = |i: &Tensor| i[0] + i[1] + i[2];
    wide.set(field::ROLL_MASS, inverse_or_zero(trace(&pair.inertia[0]) + trace(&pair.inertia[1])));
    wide.set3(field::ROLL, Vector4::new(rx, ry, rz));
    wide.set(field::ROLLING, rolling);
    rolling.gt(Real4::splat(0.0)).any()
}

/// A unit vector at right angles to each `n` (Duff et al. 2017).
#[inline(always)]
fn perpendicular(n: Vector4) -> Vector4 {
    let (one, zero) = (Real4::splat(1.0), Real4::splat(0.0));
    let sign = n.z.lt(zero).select(-one, one);
    let a = -one / (sign + n.z);
    let b = n.x * n.y * a;
    Vector4::new(one + sign * n.x * n.x * a, sign * b, -(sign * n.x))
}

/// Writes the impulses back to the records, for the next step.
pub fn store(world: &World, w: usize) {
    let c = &world.columns;
    let value = |index: usize, lane: usize| c.wide_manifold.get((w * WIDE_MANIFOLD + index) * LANES + lane);
    for lane in 0..LANES {
        let order = c.manifold_order.get(w * LANES + lane) as usize;
        if order == 0 {
            continue;
        }
        let m = c.contact_manifold.get(order - 1) as usize - 1;
        let three = |index: usize| [value(index, lane), value(index + 1, lane), value(index + 2, lane)];
        for k in 0..MAX_POINTS {
            set_real(world, m, record::IMPULSE + k, value(field::POINT + k * field::STRIDE + field::IMPULSE, lane));
        }
        let (n, t) = (three(field::N), three(field::T));
        let friction = add_scaled(scale(t, value(field::TANGENT, lane)), cross(n, t), value(field::TANGENT + 1, lane));
        set_vector(world, m, record::FRICTION, friction);
        set_real(world, m, record::TWIST, value(field::TWIST, lane));
        set_vector(world, m, record::ROLLING, three(field::ROLL));
        c.contact_total.set(order - 1, value(field::TOTAL, lane));
    }
}
