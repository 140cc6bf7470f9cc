//! Level geometry: meshes and height fields are built in place, over what TypeScript wrote into the geometry.

use super::build::{status, Entry, Order, Place, Sizes};
use super::{kind, MeshPlace, LINKS};
use crate::geometry::bvh::{self, BOX_STRIDE};
use crate::geometry::height_field::{self, HeightField, HeightFieldError};
use crate::geometry::mesh::{self, MeshError};
use crate::geometry::vector::{length, Vec3};
use crate::wide::Real;
use crate::world::World;

/// Numbers beyond which no size is computed: far more than a world can hold, far less than overflows.
const MOST: usize = 1 << 26;

/// What a mesh of `count` vertices and `more` triangles, or a height field of `count` rows and `more` columns, takes.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn sizes(order: Order) -> Result<Sizes, u32> {
    let Order { kind, count, more } = order;
    if count > MOST || more > MOST {
        return Err(status::RANGE);
    }
    if kind == kind::MESH {
        if count < 3 || more < 1 {
            return Err(status::RANGE);
        }
        let nodes = bvh::node_capacity(more);
        let place = MeshPlace { vertices: count, triangles: more, nodes, real_at: 0, word_at: 0 };
        let kept = place.links() + LINKS * nodes;
        // For the build alone: two words a vertex, three double words a triangle, and one word to align them.
        return Ok(Sizes { reals: place.boxes() + BOX_STRIDE * nodes, words: kept + 2 * count + 6 * more + 1, kept });
    }
    match count.checked_mul(more) {
        Some(heights) if count >= 2 && more >= 2 && heights <= MOST => {
            Ok(Sizes { reals: heights + height_field::block_capacity(count, more), words: 0, kept: 0 })
        }
        _ => Err(status::RANGE),
    }
}

/// Builds a mesh over its vertices and indices. The error is a status and a triangle.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn mesh(world: &World, order: Order, place: Place) -> Result<Entry, (u32, u32)> {
    let c = &world.columns;
    let (vertices, triangles, nodes) = (order.count, order.more, bvh::node_capacity(order.more));
    let parts = MeshPlace { vertices, triangles, nodes, real_at: place.real_at, word_at: place.word_at };
    let words_at = parts.links() + LINKS * nodes;
    let keys_at = (words_at + 2 * vertices).next_multiple_of(2);
    // SAFETY: `build` made sure that all of this lies in the columns; the parts do not overlap, and the caller's thread is alone with them.
    // Columns begin on a 64-byte line, so an even word is aligned for a double word.
    let (points, indices, mut memory) = unsafe {
        (
            core::slice::from_raw_parts(c.geometry_real.address(parts.real_at).cast::<Vec3>(), vertices),
            core::slice::from_raw_parts(c.geometry_word.address(parts.word_at).cast::<[u32; 3]>(), triangles),
            mesh::Memory {
                keys: core::slice::from_raw_parts_mut(c.geometry_word.address(keys_at).cast::<u64>(), 3 * triangles),
                words: core::slice::from_raw_parts_mut(c.geometry_word.address(words_at), 2 * vertices),
                active: core::slice::from_raw_parts_mut(c.geometry_word.address(parts.active()).cast::<u8>(), triangles),
                boxes: core::slice::from_raw_parts_mut(c.geometry_real.address(parts.boxes()), BOX_STRIDE * nodes),
                links: core::slice::from_raw_parts_mut(c.geometry_word.address(parts.links()), LINKS * nodes),
            },
        )
    };
    let nodes = mesh::build(points, indices, &mut memory).map_err(|error| match error {
        MeshError::Count | MeshError::Memory => (status::RANGE, 0),
        MeshError::OutOfRange(triangle) => (status::RANGE, triangle),
        MeshError::NotFinite(triangle) => (status::NOT_FINITE, triangle),
        MeshError::Degenerate(triangle) => (status::FLAT, triangle),
    })?;
    let used = indices.iter().flatten().map(|v| points[*v as usize]);
    let (mut low, mut high, mut radius) = ([Real::INFINITY; 3], [Real::NEG_INFINITY; 3], 0.0);
    for point in used {
        low = core::array::from_fn(|axis| point[axis].min(low[axis]));
        high = core::array::from_fn(|axis| point[axis].max(high[axis]));
        radius = length(point).max(radius);
    }
    Ok(Entry { low, high, radius, counts: [vertices, triangles, nodes, 0], ..Entry::default() })
}

/// Builds a height field over its heights; the spacing is staged.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn field(world: &World, order: Order, place: Place) -> Result<Entry, (u32, u32)> {
    let c = &world.columns;
    let shape = height_field::Shape { rows: order.count, columns: order.more, spacing: [c.staging.get(0), c.staging.get(1)] };
    let (count, blocks) = (order.count * order.more, height_field::block_capacity(order.count, order.more));
    // SAFETY: as in `mesh`.
    let (heights, blocks) = unsafe {
        (
            core::slice::from_raw_parts(c.geometry_real.address(place.real_at), count),
            core::slice::from_raw_parts_mut(c.geometry_real.address(place.real_at + count), blocks),
        )
    };
    height_field::build(shape, heights, blocks).map_err(|error| match error {
        HeightFieldError::NotFinite(height) => (status::NOT_FINITE, height),
        HeightFieldError::Count | HeightFieldError::Spacing | HeightFieldError::Memory => (status::RANGE, 0),
    })?;
    let [low, high] = HeightField { shape, heights, blocks }.bounds();
    let radius = length(core::array::from_fn(|axis| high[axis].abs().max(low[axis].abs())));
    let size = [shape.spacing[0], shape.spacing[1], 0.0];
    Ok(Entry { size, low, high, radius, counts: [order.count, order.more, 0, 0], ..Entry::default() })
}
