//! The sums of a leaf over its points, four at a time. Rounded to single precision: relative to the leaf they are as exact as the positions.

use super::moments::{Ball, Node, Sums, ABOVE, NONE};
use super::points::{SOURCE, TARGET};
use crate::wide::{lanes_below, transpose, Mask4, Real, Real4, Vector4, LANES};
use crate::world::World;

/// Sums of the lanes of four values.
#[inline(always)]
fn across(rows: [Real4; 4]) -> [Real; 4] {
    let [a, b, c, d] = transpose(rows);
    ((a + b) + (c + d)).to_array()
}

/// Points `p` to `p + 3`, those below `end`: which are sources, and which are targets.
#[inline(always)]
fn kinds(world: &World, p: usize, end: usize) -> (Mask4, Mask4) {
    let valid = lanes_below(end - p);
    let id = world.columns.point_id.load(p);
    (valid & id.has(SOURCE), valid & id.has(TARGET))
}

#[inline(always)]
fn position(world: &World, p: usize) -> Vector4 {
    let c = &world.columns;
    Vector4::new(c.point_x.load(p), c.point_y.load(p), c.point_z.load(p))
}

/// Strengths G m and k c of four points, zero where there is no source.
#[inline(always)]
fn strengths<const FIELDS: usize>(world: &World, p: usize, sources: Mask4) -> (Real4, Real4) {
    let c = &world.columns;
    let kc = if FIELDS > 1 { c.point_kc.load(p).keep(sources) } else { Real4::splat(0.0) };
    (c.point_gm.load(p).keep(sources), kc)
}

/// Weighted centre of the sources with its weight, middle of the targets' box, and number of targets.
#[inline(always)]
fn centres<const FIELDS: usize>(world: &World, (start, end): (usize, usize)) -> ([Real; 3], Real, [Real; 3], u32) {
    let c = &world.columns;
    let at = [c.point_x.get(start), c.point_y.get(start), c.point_z.get(start)];
    let origin = Vector4::splat(at);
    let zero = Real4::splat(0.0);
    let (mut weight, mut first) = (zero, Vector4::zero());
    let (mut low, mut high, mut targets) = ([Real4::splat(Real::INFINITY); 3], [Real4::splat(Real::NEG_INFINITY); 3], 0);
    for p in (start..end).step_by(LANES) {
        let (source, target) = kinds(world, p, end);
        let x = position(world, p) - origin;
        let (gm, kc) = strengths::<FIELDS>(world, p, source);
        let w = gm + kc.max(zero - kc);
        weight = weight + w;
        first = first + x.scale(w);
        for (axis, v) in [x.x, x.y, x.z].into_iter().enumerate() {
            low[axis] = target.select(low[axis].min(v), low[axis]);
            high[axis] = target.select(high[axis].max(v), high[axis]);
        }
        targets += target.bits().count_ones();
    }
    let [weight, fx, fy, fz] = across([weight, first.x, first.y, first.z]);
    let first = [fx, fy, fz];
    let centre = core::array::from_fn(|axis| if weight > 0.0 { at[axis] + first[axis] / weight } else { at[axis] });
    let middle = core::array::from_fn(|axis| {
        let least = low[axis].to_array().into_iter().fold(Real::INFINITY, Real::min);
        let most = high[axis].to_array().into_iter().fold(Real::NEG_INFINITY, Real::max);
        if targets > 0 {
            at[axis] + (0.5 * least + 0.5 * most)
        } else {
            at[axis]
        }
    });
    (centre, weight, middle, targets)
}

/// Largest of the lanes' distances, from their squares; −1 for nothing.
#[inline(always)]
pub fn radius(most: Real4) -> Real {
    let most = most.to_array().into_iter().fold(-1.0, Real::max);
    if most < 0.0 {
        NONE
    } else {
        most.sqrt() * ABOVE
    }
}

/// Radii about the two centres of the sources and of the targets among the points.
#[inline(always)]
pub fn radii(world: &World, (start, end): (usize, usize), centre: [Real; 3], middle: [Real; 3]) -> (Real, Real) {
    let (centre, middle) = (Vector4::splat(centre), Vector4::splat(middle));
    let (mut sources, mut targets) = (Real4::splat(-1.0), Real4::splat(-1.0));
    for p in (start..end).step_by(LANES) {
        let (source, target) = kinds(world, p, end);
        let x = position(world, p);
        let (d, e) = (x - centre, x - middle);
        sources = source.select(sources.max(d.dot(d)), sources);
        targets = target.select(targets.max(e.dot(e)), targets);
    }
    (radius(sources), radius(targets))
}

/// Everything that a leaf's node says.
#[inline(never)]
pub fn gather<const FIELDS: usize>(world: &World, points: (usize, usize)) -> Node {
    let (start, end) = points;
    let (at, weight, middle, targets) = centres::<FIELDS>(world, points);
    let (source_radius, target_radius) = radii(world, points, at, middle);
    let centre = Vector4::splat(at);
    let zero = Real4::splat(0.0);
    let (mut spread, mut count) = (zero, zero);
    let mut sums = [[zero; 10]; FIELDS];
    for p in (start..end).step_by(LANES) {
        let (source, target) = kinds(world, p, end);
        let d = position(world, p) - centre;
        let any = source | target;
        spread = spread + d.dot(d).keep(any);
        count = count + Real4::splat(1.0).keep(any);
        let (gm, kc) = strengths::<FIELDS>(world, p, source);
        for (sum, s) in sums.iter_mut().zip([gm, kc]) {
            // Points that are no sources have no strength, but may be anywhere: infinity times nothing is not a number.
            let y = Vector4::new(d.x.keep(source), d.y.keep(source), d.z.keep(source));
            let (sx, sy, sz) = (s * y.x, s * y.y, s * y.z);
            let terms = [s, sx, sy, sz, sx * y.x, sy * y.y, sz * y.z, sx * y.y, sx * y.z, sy * y.z];
            for (total, term) in sum.iter_mut().zip(terms) {
                *total = *total + term;
            }
        }
    }
    let mut out = [Sums::default(); 2];
    let mut tail = [0.0; 4];
    for (out, s) in out.iter_mut().zip(&sums) {
        let (a, b) = (across([s[0], s[1], s[2], s[3]]), across([s[4], s[5], s[6], s[7]]));
        tail = across([s[8], s[9], spread, count]);
        out.strength = a[0];
        if FIELDS > 1 {
            // For gravity alone the dipole about the centre of mass is rounding.
            out.first = [a[1], a[2], a[3]];
        }
        out.second = [b[0], b[1], b[2], b[3], tail[0], tail[1]];
    }
    Node {
        sources: Ball { centre: at, radius: source_radius },
        targets: Ball { centre: middle, radius: target_radius },
        count: targets,
        weight,
        spread: tail[2] / tail[3],
        sums: out,
        open: false,
    }
}
