//! Vector and quaternion mathematics over whole columns, four entities at a time: not a stage of the step, but what game systems call between
//! steps. The caller names up to twelve columns (result, first and second argument, four each) by their offsets from the first column of the world; entities are a range of the
//! columns, or a list of ids.
//!
//! Sines are polynomials and angles come from `geometry::angle`: the same bits on every machine.

use core::ops::Range;

use crate::column::Column;
use crate::geometry::angle::{abs, atan2, PI};
use crate::wide::{Real, Real4, Vector4, LANES, TINY};
use crate::world::World;

/// What to do: the numbers of `engine/bulk.ts`.
mod op {
    pub const NORMALIZE_VECTOR: u32 = 0;
    pub const NORMALIZE_QUATERNION: u32 = 1;
    pub const LERP: u32 = 2;
    pub const ADD_SCALED: u32 = 3;
    pub const SLERP: u32 = 4;
    pub const NLERP: u32 = 5;
    pub const ROTATE: u32 = 6;
    pub const INTEGRATE: u32 = 7;
}

/// Columns of a call: result, first argument, second argument.
pub const BULK_COLUMNS: usize = 12;
/// Ids that one call takes as a list.
pub const BULK_LIST: usize = 4096;
/// Squared lengths beyond this, and below its inverse, are made again from scaled components.
const FAR: Real = (if size_of::<Real>() == 4 { 1e30f64 } else { 1e280 }) as Real;
/// Terms of the sine's and cosine's series up to a quarter turn: 10⁻⁸, or 10⁻¹⁶.
const TERMS: usize = if size_of::<Real>() == 4 { 6 } else { 10 };

/// Four components of four entities; the last is not used by vectors.
type Wide = [Real4; 4];

/// Which entities: all from `first` on, or those of the list.
#[derive(Clone, Copy)]
pub struct Entities {
    /// The first of a range.
    pub first: usize,
    /// How many there are.
    pub count: usize,
    /// Whether the ids are those in the column `bulk_list`.
    pub listed: bool,
}

/// Address of the world's first column.
fn base(world: &World) -> usize {
    world.columns.position_x.address(0) as usize
}

/// Whether every column that is named lies in the world, as many elements as there are entities, and every entity in it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn is_sound(world: &World, entities: Entities) -> bool {
    let c = &world.columns;
    let most = world.capacity.entities;
    let end = c.end() - base(world);
    let inside = |k: usize| {
        let at = c.bulk_offset.get(k) as usize;
        at % size_of::<Real>() == 0 && at + most * size_of::<Real>() <= end
    };
    let ids = if entities.listed {
        entities.count <= BULK_LIST && (0..entities.count).all(|k| (c.bulk_list.get(k) as usize) < most)
    } else {
        entities.first <= most && entities.count <= most - entities.first
    };
    ids && (0..BULK_COLUMNS).all(inside)
}

/// Runs an operation; `t` is its number: a share, a scale, seconds. What the offsets name lies in the world (`is_sound`).
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &World, operation: u32, entities: Entities, t: Real) {
    let call = Call { world, entities };
    match operation {
        op::NORMALIZE_VECTOR => call.each([3, 0, 3], &|c, range| each::<3, 0, 3>(c, range, |a, _| normalize::<3>(a))),
        op::NORMALIZE_QUATERNION => call.each([4, 0, 4], &|c, range| each::<4, 0, 4>(c, range, |a, _| normalize::<4>(a))),
        op::LERP => blend(&call, 1.0 - t, t),
        op::ADD_SCALED => blend(&call, 1.0, t),
        op::SLERP => call.each([4, 4, 4], &|c, range| each::<4, 4, 4>(c, range, |a, b| slerp(a, b, t))),
        op::NLERP => call.each([4, 4, 4], &|c, range| each::<4, 4, 4>(c, range, |a, b| nlerp(a, b, t))),
        op::ROTATE => call.each([4, 3, 3], &|c, range| each::<4, 3, 3>(c, range, rotate)),
        op::INTEGRATE => call.each([4, 3, 4], &|c, range| each::<4, 3, 4>(c, range, |q, w| integrate(q, w, t))),
        _ => {}
    }
}

/// The columns of a call: result, first and second argument, four each.
type Columns = [Column<Real>; BULK_COLUMNS];

/// `f` of each four entities of a range of whole fours; its arguments and its result have `A`, `B` and `R` components.
#[inline(always)]
fn each<const A: usize, const B: usize, const R: usize>(c: &Columns, range: Range<usize>, f: impl Fn(Wide, Wide) -> Wide) {
    let c = *c;
    for at in range.step_by(LANES) {
        let given = f(wide(|k| c[4 + k].load(at), A), wide(|k| c[8 + k].load(at), B));
        for k in 0..R {
            c[k].store(at, given[k]);
        }
    }
}

struct Call<'a> {
    world: &'a World,
    entities: Entities,
}

impl Call<'_> {
    /// Runs `f` over all entities: where they lie, or copied together, so that there is one loop for both. `sizes`: components of the
    /// arguments and the result.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    #[inline(never)]
    fn each(&self, sizes: [usize; 3], f: &dyn Fn(&Columns, Range<usize>)) {
        let Entities { first, count, listed } = self.entities;
        let at = |k: usize| base(self.world) + self.world.columns.bulk_offset.get(k) as usize;
        let columns: Columns = core::array::from_fn(|k| Column::at(at(k), self.world.capacity.entities));
        let whole = if listed { 0 } else { count / LANES * LANES };
        if whole > 0 {
            f(&columns, first..first + whole);
        }
        let mut copies = [[0.0; COPIED]; BULK_COLUMNS];
        let copies: Columns = core::array::from_fn(|k| Column::at(copies[k].as_mut_ptr() as usize, COPIED));
        for from in (whole..count).step_by(COPIED) {
            let some = COPIED.min(count - from);
            let id = |k: usize| if listed { self.world.columns.bulk_list.get(from + k) as usize } else { first + from + k };
            for (argument, size) in [4, 8].into_iter().zip(sizes) {
                for column in argument..argument + size {
                    for k in 0..some {
                        copies[column].set(k, columns[column].get(id(k)));
                    }
                }
            }
            f(&copies, 0..some.next_multiple_of(LANES));
            for column in 0..sizes[2] {
                for k in 0..some {
                    columns[column].set(id(k), copies[column].get(k));
                }
            }
        }
    }
}

/// Entities that are copied together at once.
const COPIED: usize = 32;

#[inline(always)]
fn wide(component: impl Fn(usize) -> Real4, count: usize) -> Wide {
    core::array::from_fn(|k| if k < count { component(k) } else { Real4::splat(0.0) })
}

/// Length 1; what has no length stays a zero vector, or is no turn.
#[inline(always)]
fn normalize<const N: usize>(v: Wide) -> Wide {
    let zero = Real4::splat(0.0);
    let mut length2 = dot(&v, &v);
    let mut v = v;
    if (length2.lt(Real4::splat(FAR)) & length2.gt(Real4::splat(1.0 / FAR))).bits() != 15 {
        v = scaled(v);
        length2 = dot(&v, &v);
    }
    let some = length2.gt(zero);
    let inverse = Real4::splat(1.0) / length2.sqrt();
    let mut unit: Wide = core::array::from_fn(|k| some.select(v[k] * inverse, v[k]));
    if N == 4 {
        unit[3] = some.select(unit[3], Real4::splat(1.0));
    }
    unit
}

/// Components over the largest of them: their squares are neither too large nor too small for `Real`.
#[inline(never)]
fn scaled(v: Wide) -> Wide {
    let largest = abs(v[0]).max(abs(v[1])).max(abs(v[2]).max(abs(v[3])));
    let some = largest.gt(Real4::splat(0.0));
    v.map(|v| some.select(v / largest, v))
}

#[inline(always)]
fn dot(a: &Wide, b: &Wide) -> Real4 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
}

/// The second quaternion, or its negative, which is the same turn, on the side of the first.
#[inline(always)]
fn nearer(a: &Wide, b: Wide) -> Wide {
    let opposite = dot(a, &b).lt(Real4::splat(0.0));
    b.map(|v| opposite.select(-v, v))
}

/// a·s + b·t.
fn blend(call: &Call, s: Real, t: Real) {
    call.each([3, 3, 3], &|c, range| {
        each::<3, 3, 3>(c, range, |a, b| core::array::from_fn(|k| a[k] * Real4::splat(s) + b[k] * Real4::splat(t)))
    });
}

#[inline(always)]
fn nlerp(a: Wide, b: Wide, t: Real) -> Wide {
    let b = nearer(&a, b);
    let t = Real4::splat(t);
    let s = Real4::splat(1.0) - t;
    normalize::<4>(core::array::from_fn(|k| a[k] * s + b[k] * t))
}

/// Shoemake's slerp along the shorter way. Half the angle is that between sum and difference (Kahan): exact for small and for large ones.
#[inline(always)]
fn slerp(a: Wide, b: Wide, t: Real) -> Wide {
    let b = nearer(&a, b);
    let t = Real4::splat(t);
    let (sum, difference): (Wide, Wide) = (core::array::from_fn(|k| a[k] + b[k]), core::array::from_fn(|k| b[k] - a[k]));
    let angle = Real4::splat(2.0) * atan2(dot(&difference, &difference).sqrt(), dot(&sum, &sum).sqrt());
    let rest = Real4::splat(1.0) - t;
    let sine = sin(angle);
    let apart = sine.gt(Real4::splat(TINY));
    let share = |t: Real4| apart.select(sin(angle * t) / sine, t);
    let (s, t) = (share(rest), share(t));
    core::array::from_fn(|k| a[k] * s + b[k] * t)
}

/// v turned by q.
#[inline(always)]
fn rotate(q: Wide, v: Wide) -> Wide {
    let [v, u] = [v, q].map(|v| Vector4::new(v[0], v[1], v[2]));
    let t = u.cross(v).scale(Real4::splat(2.0));
    let r = v + t.scale(q[3]) + u.cross(t);
    [r.x, r.y, r.z, q[3]]
}

/// q after `dt` at the angular velocity w, exactly. A whole turn more or less changes the sign of the result at most.
#[inline(always)]
fn integrate(q: Wide, w: Wide, dt: Real) -> Wide {
    let half = Real4::splat(0.5 * dt);
    let speed = dot(&w, &w).sqrt();
    let angle = speed * half;
    let turns = angle.to_array().map(|v| (v * (1.0 / PI) + 0.5).floor());
    let near = angle - Real4::from_array(turns) * Real4::splat(PI);
    let s = speed.gt(Real4::splat(TINY)).select(sin(near) / speed, half);
    let c = cos(near);
    let (v, u) = (Vector4::new(w[0], w[1], w[2]).scale(s), Vector4::new(q[0], q[1], q[2]));
    let turned = u.scale(c) + v.scale(q[3]) + v.cross(u);
    normalize::<4>([turned.x, turned.y, turned.z, c * q[3] - v.dot(u)])
}

/// sin x for |x| ≤ π/2: its Taylor series.
#[inline(never)]
fn sin(x: Real4) -> Real4 {
    x * series(x * x, 1)
}

/// cos x likewise.
#[inline(always)]
fn cos(x: Real4) -> Real4 {
    series(x * x, 0)
}

/// 1 − z / ((o + 1)(o + 2)) + z² / ((o + 1) … (o + 4)) …
#[inline(always)]
fn series(z: Real4, odd: usize) -> Real4 {
    let mut sum = Real4::splat(1.0);
    for n in (1..=TERMS).rev() {
        let m = (2 * n + odd) as Real;
        sum = Real4::splat(1.0) - sum * z * Real4::splat(1.0 / (m * (m - 1.0)));
    }
    sum
}
