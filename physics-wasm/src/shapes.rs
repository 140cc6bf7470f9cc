//! The shape table: every shape that is not a sphere or a plane, once, however many bodies have it.
//!
//! An entry is `SHAPE_REALS` reals (`field`) and `SHAPE_WORDS` words (`word`); hulls, compounds, meshes and height fields keep what they are
//! made of in the two geometry columns, from `REAL_AT` and `WORD_AT` on. TypeScript hands out entries and geometry (`engine/shapes/table.ts`),
//! `build` fills them, and everything here reads them. All frames are the body's, with the centre of mass at the origin.
//!
//! A number that is no entry is a shape of no kind: it touches nothing.

pub mod build;
mod level;

use crate::geometry::bvh::{Bvh, BOX_STRIDE};
use crate::geometry::convex::{Convex, HalfEdge, Hull, Triangle, MAX_HULL_EDGES, MAX_HULL_FACES, MAX_HULL_VERTICES};
use crate::geometry::height_field::{self, HeightField};
use crate::geometry::mesh::Mesh;
use crate::geometry::vector::{Pose, Quat, Sym3, Vec3};
use crate::layout::{SHAPE_REALS, SHAPE_WORDS};
use crate::wide::Real;
use crate::world::{flag, World};

/// Values of `word::KIND`.
pub mod kind {
    /// Half extents.
    pub const BOX: u32 = 1;
    /// Radius and half height, along y.
    pub const CAPSULE: u32 = 2;
    /// A convex polytope.
    pub const HULL: u32 = 3;
    /// Spheres, boxes, capsules and hulls at fixed places.
    pub const COMPOUND: u32 = 4;
    /// Triangles; static.
    pub const MESH: u32 = 5;
    /// Heights over a grid; static.
    pub const HEIGHT_FIELD: u32 = 6;
}

/// Reals of an entry.
pub mod field {
    /// Half extents of a box; radius and half height of a capsule; spacing along x and z of a height field.
    pub const SIZE: usize = 0;
    /// Lower corner of the bounds.
    pub const LOW: usize = 3;
    /// Upper corner of the bounds.
    pub const HIGH: usize = 6;
    /// Inertia per unit mass, m²: xx, yy, zz, xy, xz, yz.
    pub const INERTIA: usize = 9;
    /// Its inverse, 1/m².
    pub const INVERSE: usize = 15;
    /// Volume, m³; 0 of a mesh.
    pub const VOLUME: usize = 21;
    /// Centre of mass in the frame that the description was given in.
    pub const CENTER: usize = 22;
    /// Radius of the ball about the centre of mass that holds the shape.
    pub const RADIUS: usize = 25;
    /// Radius of a ball about the centre of mass that the shape holds; of a compound, the smallest of its children's own.
    pub const INNER: usize = 26;
}

/// Words of an entry.
pub mod word {
    /// `kind`, 0 for a free entry.
    pub const KIND: usize = 0;
    /// First real in the geometry.
    pub const REAL_AT: usize = 1;
    /// First word in the geometry.
    pub const WORD_AT: usize = 2;
    /// Vertices of a hull or mesh; rows of a height field.
    pub const VERTICES: usize = 3;
    /// Faces of a hull; triangles of a mesh; columns of a height field.
    pub const FACES: usize = 4;
    /// Half-edges of a hull; nodes of a mesh's tree.
    pub const EDGES: usize = 5;
    /// Children of a compound.
    pub const CHILDREN: usize = 6;
}

/// Reals of a compound's child: position, rotation, radius (of a sphere).
pub const CHILD_REALS: usize = 8;
/// Words of a compound's child: its entry, 0 for a sphere.
pub const CHILD_WORDS: usize = 1;
/// Links of a node of a mesh's tree.
const LINKS: usize = crate::wide::LANES;

/// Real `index` of an entry.
#[inline(always)]
fn real(world: &World, shape: usize, index: usize) -> Real {
    world.columns.shape_real.get(shape * SHAPE_REALS + index)
}

/// Word `index` of an entry.
#[inline(always)]
fn number(world: &World, shape: usize, index: usize) -> usize {
    world.columns.shape_word.get(shape * SHAPE_WORDS + index) as usize
}

/// `N` reals of an entry from `index` on.
#[inline(always)]
fn reals<const N: usize>(world: &World, shape: usize, index: usize) -> [Real; N] {
    core::array::from_fn(|k| real(world, shape, index + k))
}

/// What a shape is: a `kind`, 0 when there is no such shape.
#[inline(always)]
pub fn kind_of(world: &World, shape: usize) -> u32 {
    if shape == 0 || shape >= world.capacity.shapes {
        return 0;
    }
    number(world, shape, word::KIND) as u32
}

/// A box, capsule or hull; none for what is made of several convex parts.
#[inline]
pub fn convex(world: &World, shape: usize) -> Option<Convex<'_>> {
    match kind_of(world, shape) {
        kind::BOX => Some(Convex::Box(reals(world, shape, field::SIZE))),
        kind::CAPSULE => {
            Some(Convex::Capsule { radius: real(world, shape, field::SIZE), half_height: real(world, shape, field::SIZE + 1) })
        }
        kind::HULL => Some(Convex::Hull(hull(world, shape))),
        _ => None,
    }
}

/// Where the parts of a hull lie in the geometry: planes after the vertices; faces, two a word, after the half-edges.
fn hull(world: &World, shape: usize) -> Hull<'_> {
    let c = &world.columns;
    let (real_at, word_at) = (number(world, shape, word::REAL_AT), number(world, shape, word::WORD_AT));
    let vertices = number(world, shape, word::VERTICES).min(MAX_HULL_VERTICES);
    let faces = number(world, shape, word::FACES).min(MAX_HULL_FACES);
    let edges = number(world, shape, word::EDGES).min(MAX_HULL_EDGES);
    // SAFETY: `build::hull` wrote these many of each there, inside the columns (it checks that), with the alignment of their elements; they
    // change only in `build`, which runs between steps.
    unsafe {
        Hull {
            vertices: core::slice::from_raw_parts(c.geometry_real.address(real_at).cast::<Vec3>(), vertices),
            planes: core::slice::from_raw_parts(c.geometry_real.address(real_at + 3 * vertices).cast::<[Real; 4]>(), faces),
            faces: core::slice::from_raw_parts(c.geometry_word.address(word_at + 2 * edges).cast::<u16>(), faces),
            edges: core::slice::from_raw_parts(c.geometry_word.address(word_at).cast::<HalfEdge>(), edges),
        }
    }
}

/// Parts of a compound; 0 for other shapes.
#[inline]
pub fn child_count(world: &World, shape: usize) -> usize {
    if kind_of(world, shape) == kind::COMPOUND {
        number(world, shape, word::CHILDREN)
    } else {
        0
    }
}

/// Part `k` of a compound and where it is in the body's frame.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn child(world: &World, shape: usize, k: usize) -> (Convex<'_>, Pose) {
    let c = &world.columns;
    let at = number(world, shape, word::REAL_AT) + k * CHILD_REALS;
    let row: [Real; CHILD_REALS] = core::array::from_fn(|i| c.geometry_real.get(at + i));
    let pose = Pose { position: [row[0], row[1], row[2]], rotation: [row[3], row[4], row[5], row[6]] };
    let entry = c.geometry_word.get(number(world, shape, word::WORD_AT) + k * CHILD_WORDS);
    (convex(world, entry as usize).unwrap_or(Convex::Sphere(row[7])), pose)
}

/// Where the parts of a mesh lie in the geometry.
pub(crate) struct MeshPlace {
    pub vertices: usize,
    pub triangles: usize,
    /// Nodes that there is room for: the parts behind them depend on it.
    pub nodes: usize,
    pub real_at: usize,
    pub word_at: usize,
}

impl MeshPlace {
    /// Reals: corners, boxes.
    pub fn boxes(&self) -> usize {
        self.real_at + 3 * self.vertices
    }
    /// Words: indices, active edges (four triangles a word), links.
    pub fn active(&self) -> usize {
        self.word_at + 3 * self.triangles
    }
    /// First word of the links.
    pub fn links(&self) -> usize {
        self.active() + self.triangles.div_ceil(4)
    }
}

/// A mesh of the table.
pub fn mesh(world: &World, shape: usize) -> Option<Mesh<'_>> {
    if kind_of(world, shape) != kind::MESH {
        return None;
    }
    let c = &world.columns;
    let place = MeshPlace {
        vertices: number(world, shape, word::VERTICES),
        triangles: number(world, shape, word::FACES),
        nodes: number(world, shape, word::EDGES),
        real_at: number(world, shape, word::REAL_AT),
        word_at: number(world, shape, word::WORD_AT),
    };
    // SAFETY: `build` wrote these many of each there, inside the columns (it checks that), with the alignment of their elements; they change
    // only in `build`, which runs between steps.
    unsafe {
        Some(Mesh {
            vertices: core::slice::from_raw_parts(c.geometry_real.address(place.real_at).cast::<Vec3>(), place.vertices),
            indices: core::slice::from_raw_parts(c.geometry_word.address(place.word_at).cast::<[u32; 3]>(), place.triangles),
            active: core::slice::from_raw_parts(c.geometry_word.address(place.active()).cast::<u8>(), place.triangles),
            tree: Bvh {
                boxes: core::slice::from_raw_parts(c.geometry_real.address(place.boxes()), BOX_STRIDE * place.nodes),
                links: core::slice::from_raw_parts(c.geometry_word.address(place.links()), LINKS * place.nodes),
            },
        })
    }
}

/// A height field of the table.
pub fn height_field(world: &World, shape: usize) -> Option<HeightField<'_>> {
    if kind_of(world, shape) != kind::HEIGHT_FIELD {
        return None;
    }
    let c = &world.columns;
    let (rows, columns) = (number(world, shape, word::VERTICES), number(world, shape, word::FACES));
    let at = number(world, shape, word::REAL_AT);
    // SAFETY: as in `mesh`.
    unsafe {
        Some(HeightField {
            shape: height_field::Shape { rows, columns, spacing: reals(world, shape, field::SIZE) },
            heights: core::slice::from_raw_parts(c.geometry_real.address(at), rows * columns),
            blocks: core::slice::from_raw_parts(c.geometry_real.address(at + rows * columns), height_field::block_capacity(rows, columns)),
        })
    }
}

/// Hands every triangle of a mesh or height field whose bounds touch the box `low` … `high` of its own frame to `found`, with its number.
#[inline(always)]
pub fn for_each_triangle(world: &World, shape: usize, low: Vec3, high: Vec3, mut found: impl FnMut(u32, Triangle)) {
    each_in_box(world, shape, low, high, &mut found);
}

#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn each_in_box(world: &World, shape: usize, low: Vec3, high: Vec3, found: &mut dyn FnMut(u32, Triangle)) {
    if let Some(mesh) = mesh(world, shape) {
        mesh.for_each_triangle(low, high, found);
    } else if let Some(field) = height_field(world, shape) {
        field.for_each_triangle(low, high, found);
    }
}

/// Bounds in the body's frame: lower and upper corner.
#[inline]
pub fn bounds(world: &World, shape: usize) -> (Vec3, Vec3) {
    if kind_of(world, shape) == 0 {
        return ([0.0; 3], [0.0; 3]);
    }
    (reals(world, shape, field::LOW), reals(world, shape, field::HIGH))
}

/// Inertia about the centre of mass per unit mass, m²; zero for what has no volume.
#[inline]
pub fn unit_inertia(world: &World, shape: usize) -> Sym3 {
    if kind_of(world, shape) == 0 {
        return [0.0; 6];
    }
    reals(world, shape, field::INERTIA)
}

/// Inverse of `unit_inertia`, 1/m²; zero for what has no volume.
#[inline]
pub fn inverse_unit_inertia(world: &World, shape: usize) -> Sym3 {
    if kind_of(world, shape) == 0 {
        return [0.0; 6];
    }
    reals(world, shape, field::INVERSE)
}

/// Radius of a ball about the centre of mass inside the shape, m; of a compound, the smallest of its children's own; 0 for level geometry.
#[inline]
pub fn inner_radius(world: &World, shape: usize) -> Real {
    if kind_of(world, shape) == 0 {
        return 0.0;
    }
    real(world, shape, field::INNER)
}

/// Where body `e` is.
#[inline(always)]
pub fn body_pose(world: &World, e: usize) -> Pose {
    let c = &world.columns;
    let rotation: Quat = [c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e)];
    Pose { position: [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)], rotation }
}

/// The convex shape of body `e`: a sphere by its radius when it has no entry; none for compounds and level geometry.
#[inline]
pub fn body_convex(world: &World, e: usize) -> Option<Convex<'_>> {
    let c = &world.columns;
    if c.flags.get(e) & flag::SHAPED == 0 {
        return Some(Convex::Sphere(c.radius.get(e)));
    }
    convex(world, c.shape.get(e) as usize)
}
