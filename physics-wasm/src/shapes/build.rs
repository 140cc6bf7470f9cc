//! Fills entries of the shape table. TypeScript checks what the user gave, writes it into `staging` (meshes and height fields: into the
//! geometry), asks `measure` how much geometry the shape takes, and calls `build` with the place. What is refused leaves the entry as it was.

use super::{field, kind, level, reals, word, CHILD_REALS, CHILD_WORDS};
use crate::geometry::bounds::{self, Aabb};
use crate::geometry::convex::Convex;
use crate::geometry::hull_build::{self, HullBuffer, HullError, MAX_HULL_POINTS};
use crate::geometry::mass::{self, MassProperties};
use crate::geometry::vector::{add, normalize_quat, rotate, sub, Pose, Sym3, Vec3};
use crate::layout::{SHAPE_REALS, SHAPE_WORDS, STAGING};
use crate::wide::Real;
use crate::world::World;

/// What `measure` and `build` answer.
pub mod status {
    /// Done.
    pub const OK: u32 = 0;
    /// A number out of range: an entry, a place in the geometry, a count, a kind, an index of a mesh.
    pub const RANGE: u32 = 1;
    /// The shape has no volume: all points on a plane, a line or a point, or too near to it for the precision; a triangle has no area.
    pub const FLAT: u32 = 2;
    /// A number is not finite.
    pub const NOT_FINITE: u32 = 3;
}

/// Reals of a compound's child in `staging`: position, rotation, radius of a sphere, entry of any other shape.
pub const STAGED_CHILD: usize = 9;
/// Most children of a compound.
pub const MAX_CHILDREN: usize = STAGING / STAGED_CHILD;

/// Memory of the builder. What is in it does not matter between calls, but that `build` of a hull takes the hull that `measure` made.
pub struct Workshop {
    scratch: hull_build::Scratch,
    hull: HullBuffer,
    parts: [(MassProperties, Pose); MAX_CHILDREN],
}

impl Workshop {
    /// An empty one.
    pub const fn new() -> Self {
        // All zeros, so that it takes no bytes of the module.
        let nothing = MassProperties { volume: 0.0, center: [0.0; 3], inertia: [0.0; 6] };
        let nowhere = Pose { position: [0.0; 3], rotation: [0.0; 4] };
        Self { scratch: hull_build::Scratch::new(), hull: HullBuffer::new(), parts: [(nothing, nowhere); MAX_CHILDREN] }
    }
}

impl Default for Workshop {
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn default() -> Self {
        Self::new()
    }
}

/// Which shape, of how many points or parts.
#[derive(Clone, Copy)]
pub struct Order {
    /// `kind`.
    pub kind: u32,
    /// Points of a hull, parts of a compound, vertices of a mesh, rows of a height field.
    pub count: usize,
    /// Triangles of a mesh, columns of a height field.
    pub more: usize,
}

/// How much geometry a shape takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Reals.
    pub reals: usize,
    /// Words, those for the build alone included.
    pub words: usize,
    /// Words that stay.
    pub kept: usize,
}

/// Where a shape goes: its entry, and its geometry.
#[derive(Clone, Copy)]
pub struct Place {
    /// Entry.
    pub shape: usize,
    /// First real.
    pub real_at: usize,
    /// First word.
    pub word_at: usize,
}

/// What an entry says beside its kind.
#[derive(Clone, Copy, Default)]
pub(super) struct Entry {
    pub size: Vec3,
    pub low: Vec3,
    pub high: Vec3,
    pub mass: MassProperties,
    pub radius: Real,
    pub inner: Real,
    /// Vertices, faces, edges, children.
    pub counts: [usize; 4],
}

/// How much geometry the staged shape takes. Makes the hull.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn measure(world: &World, shop: &mut Workshop, order: Order) -> Result<Sizes, u32> {
    match order.kind {
        kind::BOX | kind::CAPSULE => Ok(Sizes::default()),
        kind::HULL if order.count <= MAX_HULL_POINTS => {
            // SAFETY: staging holds 3 · 4,096 reals, and nobody writes it now.
            let points = unsafe { core::slice::from_raw_parts(world.columns.staging.address(0).cast::<Vec3>(), order.count) };
            hull_build::build(points, &mut shop.scratch, &mut shop.hull).map_err(|error| match error {
                HullError::NotFinite => status::NOT_FINITE,
                HullError::TooManyPoints => status::RANGE,
                HullError::TooFewPoints | HullError::Coplanar => status::FLAT,
            })?;
            Ok(hull_sizes(&shop.hull))
        }
        kind::COMPOUND if (1..=MAX_CHILDREN).contains(&order.count) => Ok(plain(order.count * CHILD_REALS, order.count * CHILD_WORDS)),
        kind::MESH | kind::HEIGHT_FIELD => level::sizes(order),
        _ => Err(status::RANGE),
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn plain(reals: usize, words: usize) -> Sizes {
    Sizes { reals, words, kept: words }
}

/// Reals and words of a hull: corners and planes; half-edges, and the faces two a word.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn hull_sizes(hull: &HullBuffer) -> Sizes {
    plain(3 * hull.vertex_count + 4 * hull.face_count, 2 * hull.edge_count + hull.face_count.div_ceil(2))
}

/// Builds the shape that was measured last. The error is a `status` and the triangle or height that it is about.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(world: &World, shop: &mut Workshop, order: Order, place: Place) -> Result<(), (u32, u32)> {
    let sizes = match order.kind {
        kind::HULL => hull_sizes(&shop.hull),
        _ => measure(world, shop, order).map_err(|status| (status, 0))?,
    };
    let c = &world.columns;
    let inside = place.real_at.saturating_add(sizes.reals) <= c.geometry_real.len()
        && place.word_at.saturating_add(sizes.words) <= c.geometry_word.len();
    if place.shape == 0 || place.shape >= world.capacity.shapes || !inside {
        return Err((status::RANGE, 0));
    }
    let [x, y, z] = core::array::from_fn(|i| c.staging.get(i));
    let entry = match order.kind {
        kind::BOX => primitive(&Convex::Box([x, y, z]), [x, y, z], x.min(y).min(z)),
        kind::CAPSULE => primitive(&Convex::Capsule { radius: x, half_height: y }, [x, y, 0.0], x),
        kind::HULL => hull(world, &mut shop.hull, place),
        kind::COMPOUND => compound(world, shop, order.count, place),
        kind::MESH => level::mesh(world, order, place)?,
        _ => level::field(world, order, place)?,
    };
    let m = &entry.mass;
    let solid = m.volume > 0.0 && m.volume < Real::INFINITY && m.inertia[..3].iter().all(|i| *i > 0.0);
    let level = matches!(order.kind, kind::MESH | kind::HEIGHT_FIELD);
    if !(solid || level) || entry.radius.is_nan() || entry.radius == Real::INFINITY {
        return Err((status::FLAT, 0));
    }
    write(world, order.kind, place, &entry);
    Ok(())
}

/// Writes an entry.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn write(world: &World, kind: u32, place: Place, entry: &Entry) {
    let c = &world.columns;
    let at = place.shape * SHAPE_REALS;
    let put = |index: usize, values: &[Real]| values.iter().enumerate().for_each(|(k, v)| c.shape_real.set(at + index + k, *v));
    put(field::SIZE, &entry.size);
    put(field::LOW, &entry.low);
    put(field::HIGH, &entry.high);
    put(field::INERTIA, &entry.mass.inertia);
    put(field::INVERSE, &inverse(&entry.mass.inertia));
    put(field::VOLUME, &[entry.mass.volume]);
    put(field::CENTER, &entry.mass.center);
    put(field::RADIUS, &[entry.radius]);
    put(field::INNER, &[entry.inner]);
    let at = place.shape * SHAPE_WORDS;
    c.shape_word.set(at + word::KIND, kind);
    c.shape_word.set(at + word::REAL_AT, place.real_at as u32);
    c.shape_word.set(at + word::WORD_AT, place.word_at as u32);
    for (k, count) in entry.counts.iter().enumerate() {
        c.shape_word.set(at + word::VERTICES + k, *count as u32);
    }
}

/// The inverse of an inertia of any size: scaled first, for the product of three small numbers leaves the range of 32 bits.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn inverse(inertia: &Sym3) -> Sym3 {
    let scale = inertia[0].max(inertia[1]).max(inertia[2]);
    if scale > 0.0 {
        crate::geometry::vector::inverse(&inertia.map(|v| v / scale)).map(|v| v / scale)
    } else {
        [0.0; 6]
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn primitive(shape: &Convex, size: Vec3, inner: Real) -> Entry {
    let [low, high] = bounds::local(shape);
    Entry { size, low, high, mass: mass::properties(shape), radius: bounds::radius_about(shape, [0.0; 3]), inner, counts: [0; 4] }
}

/// Moves the hull to its centre of mass and copies it into the geometry, as `shapes::hull` reads it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn hull(world: &World, hull: &mut HullBuffer, place: Place) -> Entry {
    let c = &world.columns;
    let mut mass = mass::polytope(&hull.view());
    hull.recenter(mass.center);
    let counts = [hull.vertex_count, hull.face_count, hull.edge_count, 0];
    let shape = Convex::Hull(hull.view());
    let Convex::Hull(view) = &shape else { return Entry::default() };
    let numbers = view.vertices.iter().flatten().chain(view.planes.iter().flatten());
    numbers.enumerate().for_each(|(i, v)| c.geometry_real.set(place.real_at + i, *v));
    let halves = |k: usize| view.faces.get(k).map_or(0, |face| *face as u32);
    for (k, edge) in view.edges.iter().enumerate() {
        let at = place.word_at + 2 * k;
        c.geometry_word.set(at, edge.next as u32 | (edge.twin as u32) << 16);
        c.geometry_word.set(at + 1, edge.origin as u32 | (edge.face as u32) << 16);
    }
    for k in 0..view.faces.len().div_ceil(2) {
        c.geometry_word.set(place.word_at + 2 * view.edges.len() + k, halves(2 * k) | halves(2 * k + 1) << 16);
    }
    let inner = view.planes.iter().fold(Real::INFINITY, |least, plane| least.min(plane[3]));
    let [low, high] = bounds::local(&shape);
    // To rounding the origin is the centre now: the inertia about it is what the corners have where they are.
    mass.inertia = mass::polytope(view).inertia;
    Entry { size: [0.0; 3], low, high, mass, radius: bounds::radius_about(&shape, [0.0; 3]), inner: inner.max(0.0), counts }
}

/// One part of a compound as it is staged.
struct Part {
    shape: usize,
    radius: Real,
    pose: Pose,
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn part(world: &World, k: usize) -> Part {
    let staged = |i: usize| world.columns.staging.get(k * STAGED_CHILD + i);
    let rotation = normalize_quat([staged(3), staged(4), staged(5), staged(6)]);
    let entry = staged(8) as usize;
    let shape = if super::convex(world, entry).is_some() { entry } else { 0 };
    Part { shape, radius: staged(7), pose: Pose { position: [staged(0), staged(1), staged(2)], rotation } }
}

/// Mass of a part about the origin of its own description: a hull's centre of mass lies off that by its `CENTER`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn mass_of(world: &World, part: &Part) -> MassProperties {
    if part.shape == 0 {
        return mass::sphere(part.radius);
    }
    MassProperties {
        volume: super::real(world, part.shape, field::VOLUME),
        center: reals(world, part.shape, field::CENTER),
        inertia: reals(world, part.shape, field::INERTIA),
    }
}

/// A compound of uniform density; where parts overlap, the overlap counts twice. Writes its children into the geometry.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn compound(world: &World, shop: &mut Workshop, count: usize, place: Place) -> Entry {
    let c = &world.columns;
    let parts = &mut shop.parts[..count];
    for (k, row) in parts.iter_mut().enumerate() {
        let part = part(world, k);
        *row = (mass_of(world, &part), part.pose);
    }
    let mass = mass::combine(parts);
    let mut box_around: Aabb = bounds::EMPTY;
    let mut entry = Entry { mass, inner: Real::INFINITY, counts: [0, 0, 0, count], ..Entry::default() };
    for (k, (own, pose)) in parts.iter().enumerate() {
        let Part { shape, radius, .. } = part(world, k);
        let at = sub(add(pose.position, rotate(pose.rotation, own.center)), mass.center);
        let q = pose.rotation;
        let row = [at[0], at[1], at[2], q[0], q[1], q[2], q[3], radius];
        row.iter().enumerate().for_each(|(i, v)| c.geometry_real.set(place.real_at + k * CHILD_REALS + i, *v));
        c.geometry_word.set(place.word_at + k * CHILD_WORDS, shape as u32);
        let convex = super::convex(world, shape).unwrap_or(Convex::Sphere(radius));
        let pose = Pose { position: at, rotation: q };
        box_around = bounds::join(box_around, bounds::at(&convex, &pose));
        entry.radius = entry.radius.max(bounds::radius_about(&convex, pose.unpoint([0.0; 3])));
        entry.inner = entry.inner.min(if shape == 0 { radius } else { super::real(world, shape, field::INNER) });
    }
    [entry.low, entry.high] = box_around;
    entry
}
