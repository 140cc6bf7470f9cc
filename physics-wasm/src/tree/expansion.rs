//! Expansions of the softened potential Σ s / √(d² + ε²), to third order in all: a cell's strength, dipole and quadrupole against the field's value,
//! gradient, and second and third derivatives about the other cell's centre (Dehnen 2002; with softening the derivatives keep their traces).
//!
//! With R² = d² + ε², u = d/R: ∂ᵢ = −uᵢ/R², ∂ᵢⱼ = (3uᵢuⱼ − δᵢⱼ)/R³, ∂ᵢⱼₖ = (3(δᵢⱼuₖ + δᵢₖuⱼ + δⱼₖuᵢ) − 15uᵢuⱼuₖ)/R⁴. Written in u, no power of
//! the distance above the fourth is ever formed, so cells 10⁹ m apart do not underflow.

use crate::column::Column;
use crate::wide::{transpose, Real, Real4, Vector4, LANES};

/// Coefficients of a local expansion: potential; gradient x y z; xx yy zz xy xz yz; xxx yyy zzz xxy xxz yyx yyz zzx zzy xyz.
pub const TERMS: usize = 20;

/// A local expansion in every lane.
pub type Local4 = [Real4; TERMS];
/// A local expansion.
pub type Local = [Real; TERMS];

/// Moments of four cells.
pub struct Moments4 {
    strength: Real4,
    first: Vector4,
    second: [Real4; 6],
}

/// Centres and moments of four records at the given places. `DIPOLE`: with the first moments.
#[inline(always)]
pub fn load<const DIPOLE: bool>(column: &Column<Real>, places: [usize; LANES]) -> (Vector4, Moments4) {
    let row = |k: usize| transpose(places.map(|place| column.load(place + 4 * k)));
    let [x, y, z, strength] = row(0);
    let [xx, yy, zz, xy] = row(1);
    let [xz, yz, fx, fy] = row(2);
    let first = if DIPOLE { Vector4::new(fx, fy, row(3)[0]) } else { Vector4::zero() };
    (Vector4::new(x, y, z), Moments4 { strength, first, second: [xx, yy, zz, xy, xz, yz] })
}

/// 1/R, and u, of four distances.
#[inline(always)]
pub fn direction(d: Vector4, softening2: Real4) -> (Real4, Vector4) {
    let inverse = Real4::splat(1.0) / (d.dot(d) + softening2).sqrt();
    (inverse, d.scale(inverse))
}

/// Adds the field of four cells, `d` = u R away from them, to four local expansions.
#[inline(always)]
pub fn cell_to_local<const DIPOLE: bool, const POTENTIAL: bool>(local: &mut Local4, m: &Moments4, inverse: Real4, u: Vector4) {
    let f = Real4::splat;
    let inverse2 = inverse * inverse;
    let inverse3 = inverse2 * inverse;
    let inverse4 = inverse2 * inverse2;
    let [xx, yy, zz, xy, xz, yz] = m.second;
    let qu = Vector4::new(xx * u.x + xy * u.y + xz * u.z, xy * u.x + yy * u.y + yz * u.z, xz * u.x + yz * u.y + zz * u.z);
    let (s, trace) = (qu.dot(u), xx + yy + zz);
    // Strength and quadrupole.
    let along = (f(1.5) * trace - f(7.5) * s) * inverse4 - m.strength * inverse2;
    let across = f(3.0) * inverse4;
    let mut gradient = u.scale(along) + qu.scale(across);
    if POTENTIAL {
        local[0] = local[0] + m.strength * inverse + (f(1.5) * s - f(0.5) * trace) * inverse3;
    }
    let a = m.strength * inverse3;
    let a3 = f(3.0) * a;
    let (ax, ay, az) = (a3 * u.x, a3 * u.y, a3 * u.z);
    let mut second = [ax * u.x - a, ay * u.y - a, az * u.z - a, ax * u.y, ax * u.z, ay * u.z];
    if DIPOLE {
        let p = m.first;
        let pu = p.dot(u);
        gradient = gradient + (p - u.scale(f(3.0) * pu)).scale(inverse3);
        if POTENTIAL {
            local[0] = local[0] + pu * inverse2;
        }
        let b3 = f(3.0) * inverse4;
        let k = f(5.0) * pu;
        // −pₖ∂ᵢⱼₖ = (15 uᵢuⱼ (p·u) − 3(δᵢⱼ(p·u) + pᵢuⱼ + pⱼuᵢ)) / R⁴
        let pair = |ui: Real4, uj: Real4, pi: Real4, pj: Real4| b3 * (ui * (k * uj - pj) - pi * uj);
        let diagonal = b3 * pu;
        second[0] = second[0] + pair(u.x, u.x, p.x, p.x) - diagonal;
        second[1] = second[1] + pair(u.y, u.y, p.y, p.y) - diagonal;
        second[2] = second[2] + pair(u.z, u.z, p.z, p.z) - diagonal;
        second[3] = second[3] + pair(u.x, u.y, p.x, p.y);
        second[4] = second[4] + pair(u.x, u.z, p.x, p.z);
        second[5] = second[5] + pair(u.y, u.z, p.y, p.z);
    }
    local[1] = local[1] + gradient.x;
    local[2] = local[2] + gradient.y;
    local[3] = local[3] + gradient.z;
    for (k, v) in second.into_iter().enumerate() {
        local[4 + k] = local[4 + k] + v;
    }
    let b = f(3.0) * m.strength * inverse4;
    let (bx, by, bz) = (b * u.x, b * u.y, b * u.z);
    let (x5, y5, z5) = (f(5.0) * u.x * u.x, f(5.0) * u.y * u.y, f(5.0) * u.z * u.z);
    let (one, three) = (f(1.0), f(3.0));
    local[10] = local[10] + bx * (three - x5);
    local[11] = local[11] + by * (three - y5);
    local[12] = local[12] + bz * (three - z5);
    local[13] = local[13] + by * (one - x5);
    local[14] = local[14] + bz * (one - x5);
    local[15] = local[15] + bx * (one - y5);
    local[16] = local[16] + bz * (one - y5);
    local[17] = local[17] + bx * (one - z5);
    local[18] = local[18] + by * (one - z5);
    local[19] = local[19] - f(5.0) * bx * u.y * u.z;
}

/// The same expansion about a centre that lies at `x` from the old one.
#[inline(always)]
pub fn shift(l: &Local, x: [Real; 3]) -> Local {
    let [x, y, z] = x;
    let mut out = *l;
    // L₃·x, the change of the second derivatives: xx yy zz xy xz yz.
    let t = [
        l[10] * x + l[13] * y + l[14] * z,
        l[15] * x + l[11] * y + l[16] * z,
        l[17] * x + l[18] * y + l[12] * z,
        l[13] * x + l[15] * y + l[19] * z,
        l[14] * x + l[19] * y + l[17] * z,
        l[19] * x + l[16] * y + l[18] * z,
    ];
    // L₂·x + ½ L₃:xx
    let h: [Real; 6] = core::array::from_fn(|k| l[4 + k] + 0.5 * t[k]);
    let g = [h[0] * x + h[3] * y + h[4] * z, h[3] * x + h[1] * y + h[5] * z, h[4] * x + h[5] * y + h[2] * z];
    // L₁·x + ½ L₂:xx + ⅙ L₃:xxx
    let s: [Real; 6] = core::array::from_fn(|k| 0.5 * l[4 + k] + t[k] * (1.0 / 6.0));
    let w = [s[0] * x + s[3] * y + s[4] * z, s[3] * x + s[1] * y + s[5] * z, s[4] * x + s[5] * y + s[2] * z];
    out[0] += (l[1] + w[0]) * x + (l[2] + w[1]) * y + (l[3] + w[2]) * z;
    for k in 0..3 {
        out[1 + k] += g[k];
    }
    for k in 0..6 {
        out[4 + k] += t[k];
    }
    out
}

/// Gradient of the expansion at four points, `x` from its centre; with `POTENTIAL` its value too.
#[inline(always)]
pub fn evaluate<const POTENTIAL: bool>(l: &Local, x: Vector4) -> (Vector4, Real4) {
    let f = Real4::splat;
    let t = [
        f(l[10]) * x.x + f(l[13]) * x.y + f(l[14]) * x.z,
        f(l[15]) * x.x + f(l[11]) * x.y + f(l[16]) * x.z,
        f(l[17]) * x.x + f(l[18]) * x.y + f(l[12]) * x.z,
        f(l[13]) * x.x + f(l[15]) * x.y + f(l[19]) * x.z,
        f(l[14]) * x.x + f(l[19]) * x.y + f(l[17]) * x.z,
        f(l[19]) * x.x + f(l[16]) * x.y + f(l[18]) * x.z,
    ];
    let contract = |h: [Real4; 6]| {
        Vector4::new(h[0] * x.x + h[3] * x.y + h[4] * x.z, h[3] * x.x + h[1] * x.y + h[5] * x.z, h[4] * x.x + h[5] * x.y + h[2] * x.z)
    };
    let first = Vector4::splat([l[1], l[2], l[3]]);
    let half = f(0.5);
    let gradient = first + contract(core::array::from_fn(|k| f(l[4 + k]) + half * t[k]));
    let mut value = f(0.0);
    if POTENTIAL {
        let sixth = f(1.0 / 6.0);
        value = f(l[0]) + (first + contract(core::array::from_fn(|k| half * f(l[4 + k]) + sixth * t[k]))).dot(x);
    }
    (gradient, value)
}

/// Adds the lanes of an expansion up, onto `total`.
#[inline(always)]
pub fn add_lanes(total: &mut Local, local: &Local4) {
    for k in (0..TERMS).step_by(LANES) {
        let rows = transpose([local[k], local[k + 1], local[k + 2], local[k + 3]]);
        let sums = ((rows[0] + rows[1]) + (rows[2] + rows[3])).to_array();
        for (t, v) in total[k..k + LANES].iter_mut().zip(sums) {
            *t += v;
        }
    }
}
