//! Exact mass properties at uniform density. Sums are in 64 bits in either precision, hulls about a corner of their own.

use super::convex::{Convex, Hull};
use super::vector::{Pose, Sym3, Vec3};
use crate::wide::Real;

/// Ratio of a circle's circumference to its diameter.
const PI: f64 = core::f64::consts::PI;

/// What a solid of uniform density weighs and how it turns. All zero for what has no volume.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MassProperties {
    /// m³.
    pub volume: Real,
    /// Centre of mass in the shape's frame, m.
    pub center: Vec3,
    /// Inertia tensor over the mass, about the centre of mass, along the axes of the shape's frame, m².
    pub inertia: Sym3,
}

impl MassProperties {
    /// A body that is symmetric about all three planes through its origin.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn aligned(volume: f64, xx: f64, yy: f64, zz: f64) -> Self {
        if !(volume > 0.0 && volume < f64::INFINITY) {
            return Self::default();
        }
        Self { volume: volume as Real, center: [0.0; 3], inertia: [xx as Real, yy as Real, zz as Real, 0.0, 0.0, 0.0] }
    }
}

/// Mass properties of a convex shape; nothing for a triangle.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn properties(shape: &Convex) -> MassProperties {
    match shape {
        Convex::Sphere(radius) => sphere(*radius),
        Convex::Capsule { radius, half_height } => capsule(*radius, *half_height),
        Convex::Box(half) => cuboid(*half),
        Convex::Hull(hull) => polytope(hull),
        Convex::Triangle(_) => MassProperties::default(),
    }
}

/// A ball of this radius.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn sphere(radius: Real) -> MassProperties {
    let r = radius.max(0.0) as f64;
    let i = 0.4 * r * r;
    MassProperties::aligned(4.0 / 3.0 * PI * r * r * r, i, i, i)
}

/// A box with these half extents.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn cuboid(half: Vec3) -> MassProperties {
    let [x, y, z] = half.map(|h| h.max(0.0) as f64);
    let [xx, yy, zz] = [x, y, z].map(|h| h * h / 3.0);
    MassProperties::aligned(8.0 * x * y * z, yy + zz, xx + zz, xx + yy)
}

/// A capsule along y: a cylinder and two half balls.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn capsule(radius: Real, half_height: Real) -> MassProperties {
    let (r, h) = (radius.max(0.0) as f64, half_height.max(0.0) as f64);
    let (tube, ball) = (2.0 * PI * r * r * h, 4.0 / 3.0 * PI * r * r * r);
    let volume = tube + ball;
    let along = r * r * (0.5 * tube + 0.4 * ball);
    // A half ball's centre of mass is 3/8 r above its base: that is where the mixed term comes from.
    let across = tube * (0.25 * r * r + h * h / 3.0) + ball * (0.4 * r * r + h * h + 0.75 * h * r);
    MassProperties::aligned(volume, across / volume, along / volume, across / volume)
}

/// A polytope, as the sum of signed tetrahedra from one of its corners to a fan over each face.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn polytope(hull: &Hull) -> MassProperties {
    let Some(origin) = hull.vertices.first().map(|v| v.map(|x| x as f64)) else {
        return MassProperties::default();
    };
    let place = |edge: u16| {
        let v = hull.vertices[hull.edges[edge as usize].origin as usize];
        [v[0] as f64 - origin[0], v[1] as f64 - origin[1], v[2] as f64 - origin[2]]
    };
    let mut sum = Sums::default();
    for first in hull.faces {
        let a = place(*first);
        let mut edge = hull.edges[*first as usize].next;
        // A face has fewer edges than the hull: the bound only matters for a broken one.
        for _ in 0..hull.edges.len() {
            let next = hull.edges[edge as usize].next;
            if next == *first {
                break;
            }
            sum.add_tetrahedron([a, place(edge), place(next)]);
            edge = next;
        }
    }
    sum.properties(origin)
}

/// Moments of a solid about an origin: volume, first and second moments (xx, yy, zz, xy, xz, yz).
#[derive(Clone, Copy, Default)]
struct Sums {
    volume: f64,
    first: [f64; 3],
    second: [f64; 6],
}

/// Pairs of axes of the six elements of a symmetric matrix.
const AXES: [(usize, usize); 6] = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];

impl Sums {
    /// Adds the tetrahedron of the origin and three corners, with the sign of their turn.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn add_tetrahedron(&mut self, [a, b, c]: [[f64; 3]; 3]) {
        let six = a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
        let all: [f64; 3] = core::array::from_fn(|k| a[k] + b[k] + c[k]);
        self.volume += six / 6.0;
        for (first, all) in self.first.iter_mut().zip(all) {
            *first += six / 24.0 * all;
        }
        for (second, (i, j)) in self.second.iter_mut().zip(AXES) {
            *second += six / 120.0 * (all[i] * all[j] + a[i] * a[j] + b[i] * b[j] + c[i] * c[j]);
        }
    }

    /// Mass properties of what was added; `origin` is where the sums were taken.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn properties(&self, origin: [f64; 3]) -> MassProperties {
        if !(self.volume > 0.0 && self.volume < f64::INFINITY) {
            return MassProperties::default();
        }
        let m = self.first.map(|v| v / self.volume);
        let mut about = [0.0; 6];
        for (element, (second, (i, j))) in about.iter_mut().zip(self.second.iter().zip(AXES)) {
            *element = second / self.volume - m[i] * m[j];
        }
        let [xx, yy, zz, xy, xz, yz] = about;
        MassProperties {
            volume: self.volume as Real,
            center: core::array::from_fn(|axis| (origin[axis] + m[axis]) as Real),
            inertia: [yy + zz, xx + zz, xx + yy, -xy, -xz, -yz].map(|v| v as Real),
        }
    }
}

/// Mass properties of parts at poses of one frame, weighted by volume. Where parts overlap, the overlap counts twice.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn combine(children: &[(MassProperties, Pose)]) -> MassProperties {
    let placed = |(part, pose): &(MassProperties, Pose)| {
        let r = matrix(pose);
        let c = part.center.map(|v| v as f64);
        core::array::from_fn::<f64, 3, _>(|i| pose.position[i] as f64 + r[i][0] * c[0] + r[i][1] * c[1] + r[i][2] * c[2])
    };
    let volume: f64 = children.iter().map(|(part, _)| part.volume as f64).sum();
    if !(volume > 0.0 && volume < f64::INFINITY) {
        return MassProperties::default();
    }
    let mut center = [0.0; 3];
    for child in children {
        let at = placed(child);
        center = core::array::from_fn(|axis| center[axis] + child.0.volume as f64 / volume * at[axis]);
    }
    let mut inertia = [0.0; 6];
    for child in children {
        let weight = child.0.volume as f64 / volume;
        let at = placed(child);
        let d: [f64; 3] = core::array::from_fn(|axis| at[axis] - center[axis]);
        let square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        let turned = turned(child);
        for (element, (own, (i, j))) in inertia.iter_mut().zip(turned.into_iter().zip(AXES)) {
            *element += weight * (own - d[i] * d[j] + if i == j { square } else { 0.0 });
        }
    }
    MassProperties { volume: volume as Real, center: center.map(|v| v as Real), inertia: inertia.map(|v| v as Real) }
}

/// Rows of the rotation matrix of a pose, whatever the length of its quaternion.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn matrix(pose: &Pose) -> [[f64; 3]; 3] {
    let [x, y, z, w] = pose.rotation.map(|v| v as f64);
    let square = x * x + y * y + z * z + w * w;
    let s = if square > 0.0 { 2.0 / square } else { 0.0 };
    [
        [1.0 - s * (y * y + z * z), s * (x * y - w * z), s * (x * z + w * y)],
        [s * (x * y + w * z), 1.0 - s * (x * x + z * z), s * (y * z - w * x)],
        [s * (x * z - w * y), s * (y * z + w * x), 1.0 - s * (x * x + y * y)],
    ]
}

/// Inertia of a part along the axes of the common frame.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn turned((part, pose): &(MassProperties, Pose)) -> [f64; 6] {
    let r = matrix(pose);
    let [xx, yy, zz, xy, xz, yz] = part.inertia.map(|v| v as f64);
    let m = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]];
    AXES.map(|(i, j)| (0..3).map(|k| (0..3).map(|l| r[i][k] * m[k][l] * r[j][l]).sum::<f64>()).sum())
}
