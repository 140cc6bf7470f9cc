//! The rows of four joints without limits: anchors and directions, up to six, solved as one system.
//!
//! K = [A C; Cᵀ D] with A at the anchors, D of the directions. D's inverse G (about a hinge: on the plane beside its axis; zero where directions
//! are free) leaves S = A − C G Cᵀ, three by three. Where one direction n of S is free (a slider's), the impulse
//! λ = −(S⁻¹b − S⁻¹n·(n·S⁻¹b)/(n·S⁻¹n)) has no part along it and leaves no velocity beside it.
//!
//! Solving anchors and directions in turn instead converges like (1 − I/(I + m r²)) a round: a small body on a long arm never gets there.

use super::joint_wide::{field::*, inverse_or_zero, Factors, Sym4, Wide};
use crate::wide::{Mask4, Real, Real4, Vector4};

/// Share of A that is added to S: the difference of nearly equal numbers keeps a sign.
const SLACK: Real = 8.0 * Real::EPSILON;

/// The block of four joints as they stand.
pub struct Block {
    schur: Factors,
    /// G.
    directions: Sym4,
    /// Rows of C.
    coupling: [Vector4; 3],
    /// Where anchors have rows, where they may slide.
    point: Mask4,
    slides: Mask4,
    /// Where other rows may count on it: it has rows and none is a spring.
    hard: Mask4,
}

#[inline(always)]
fn apply(m: &Sym4, v: Vector4) -> Vector4 {
    Vector4::new(m[0] * v.x + m[3] * v.y + m[4] * v.z, m[3] * v.x + m[1] * v.y + m[5] * v.z, m[4] * v.x + m[5] * v.y + m[2] * v.z)
}

/// Inverse of D where directions have rows, on the plane beside a hinge's axis; zero elsewhere.
#[inline(always)]
fn inverse_directions(joint: &Wide, d: &Sym4) -> Sym4 {
    let zero = Real4::splat(0.0);
    let factors = Factors::of(d);
    let unit = |v: [Real; 3]| factors.solve(Vector4::splat(v));
    let (x, y, z) = (unit([1.0, 0.0, 0.0]), unit([0.0, 1.0, 0.0]), unit([0.0, 0.0, 1.0]));
    let mut g = [x.x, y.y, z.z, x.y, x.z, y.z];
    let hinged = joint.truth(HINGED);
    if hinged.any() {
        let n = apply(&g, joint.axis);
        let size = hinged.select(inverse_or_zero(joint.axis.dot(n)), zero);
        let m = n.scale(size);
        let part = [n.x * m.x, n.y * m.y, n.z * m.z, n.x * m.y, n.x * m.z, n.y * m.z];
        (0..6).for_each(|k| g[k] = g[k] - part[k]);
    }
    let aligned = joint.truth(ALIGNED);
    g.map(|v| aligned.select(v, zero))
}

impl Block {
    /// Builds the system.
    #[inline(never)]
    pub fn of(joint: &Wide) -> Self {
        let masses = joint.a.inverse_mass + joint.b.inverse_mass;
        let (of_a, of_b) = (joint.a.at_arm(joint.arm_a), joint.b.at_arm(joint.arm_b));
        let mut a: Sym4 = core::array::from_fn(|k| of_a[k] + of_b[k]);
        (0..3).for_each(|k| a[k] = a[k] + masses);
        let (point, slides) = (joint.truth(POINT), joint.truth(SLIDES));
        let hard = point.without(joint.truth(BLOCK_SOFT));
        let zero = Vector4::zero();
        let mut block = Self { schur: Factors::of(&a), directions: [Real4::splat(0.0); 6], coupling: [zero; 3], point, slides, hard };
        if !joint.truth(ALIGNED).any() {
            return block;
        }
        let d: Sym4 = core::array::from_fn(|k| joint.a.inertia[k] + joint.b.inertia[k]);
        block.directions = inverse_directions(joint, &d);
        // C τ = (Ia τ)×ra + (Ib τ)×rb: row by row, I (r × e).
        let row = |e: Vector4| joint.a.turned(joint.arm_a.cross(e)) + joint.b.turned(joint.arm_b.cross(e));
        let unit = |v: [Real; 3]| row(Vector4::splat(v));
        block.coupling = [unit([1.0, 0.0, 0.0]), unit([0.0, 1.0, 0.0]), unit([0.0, 0.0, 1.0])];
        let [cx, cy, cz] = block.coupling;
        let (gx, gy, gz) = (apply(&block.directions, cx), apply(&block.directions, cy), apply(&block.directions, cz));
        let part = [cx.dot(gx), cy.dot(gy), cz.dot(gz), cx.dot(gy), cx.dot(gz), cy.dot(gz)];
        let slack = Real4::splat(1.0 + SLACK);
        let schur = core::array::from_fn(|k| if k < 3 { a[k] * slack - part[k] } else { a[k] - part[k] });
        block.schur = Factors::of(&schur);
        block
    }

    /// The impulses that take out `at_anchors` and `spin`, with the opposite sign.
    #[inline(always)]
    fn solve(&self, joint: &Wide, at_anchors: Vector4, spin: Vector4) -> (Vector4, Vector4) {
        let alone = apply(&self.directions, spin);
        let [x, y, z] = self.coupling;
        let rest = at_anchors - Vector4::new(x.dot(alone), y.dot(alone), z.dot(alone));
        let anchors = self.schur.solve_beside(rest, joint.axis, self.slides).select(self.point, Vector4::zero());
        let back = x.scale(anchors.x) + y.scale(anchors.y) + z.scale(anchors.z);
        (anchors, alone - apply(&self.directions, back))
    }

    /// The impulses with which hard rows undo velocities that another row brings.
    #[inline(always)]
    pub fn answer(&self, joint: &Wide, at_anchors: Vector4, spin: Vector4) -> (Vector4, Vector4) {
        let (anchors, directions) = self.solve(joint, at_anchors, spin);
        let zero = Vector4::zero();
        ((zero - anchors).select(self.hard, zero), (zero - directions).select(self.hard, zero))
    }

    /// b's anchor is at a's but for the way along a slider, b's directions agree with a's but for a turn about a hinge.
    #[inline(never)]
    pub fn hold(&self, joint: &mut Wide, push: bool) {
        let (velocity, spin) = (joint.velocity(), joint.spin());
        let before = (joint.vector(ANCHORS), joint.vector(DIRECTIONS));
        // One place that solves: it is most of this routine.
        let (ask, work, back) = if push {
            let (share, rate) = (joint.load(BLOCK_MASS), joint.load(BLOCK_RATE));
            let aside = joint.apart - joint.axis.scale(joint.axis.dot(joint.apart));
            let error = aside.select(self.slides, joint.apart);
            let turned = joint.misalignment();
            let ask = (velocity.scale(share) + error.scale(rate), spin.scale(share) + turned.scale(rate));
            (ask, self.point, joint.load(BLOCK_IMPULSE))
        } else {
            // A spring pulls once a sub-step.
            ((velocity, spin), self.hard, Real4::splat(0.0))
        };
        let change = self.solve(joint, ask.0, ask.1);
        let after = |before: Vector4, change: Vector4| (before - change - before.scale(back)).select(work, before);
        let anchors = joint.keep_vector(ANCHORS, after(before.0, change.0)) - before.0;
        let directions = joint.keep_vector(DIRECTIONS, after(before.1, change.1)) - before.1;
        joint.push(anchors);
        joint.turn_by(directions);
    }
}
