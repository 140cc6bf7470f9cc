//! The grid of the queries: an even one over all bodies, for many rays at once where bodies are of like size and lie evenly. It lives where the tree
//! (`query_index`) would, and is there instead of it: a ray goes from cell to cell without a question which way (`query_march`), and building it is cheaper.
//!
//! Each body is in all cells that the box around its ball, widened by `Grid::slack`, touches. A cell has room for eight bodies, so that where they are
//! needs no look-up; the few more of full cells lie behind those of all cells. Where the grid would serve badly there is none, and the tree is built.

use super::query_index::state;
use crate::wide::{Real, Real4, LANES};
use crate::world::{flag, World};

/// Parts of the bodies that are counted and scattered by one claim each.
const CHUNKS: usize = 4;
/// Cells a body.
const DENSITY: Real = 0.3;
/// Cells along an axis at most.
const MOST: usize = 64;
/// Bits of a key that say how many cells beyond the first a body is in along an axis; above them is the first cell's number.
const SPAN_BITS: usize = 2;
/// Key of what is in no cell.
const OUTSIDE: u32 = u32::MAX;
/// Fours of a cell; what does not fit lies behind those of all cells.
pub const WIDE: usize = 2;
/// Bits of the number of those more.
pub const MORE_BITS: usize = 5;
/// Reals of four bodies of a cell: x, y, z of all, and radii, NaN where there is none.
pub const FOUR: usize = 16;
/// Share of an edge by which bodies are widened: what a ray's way through the cells may be off by.
const SLACK: Real = 1.0 / 80.0;
/// What that way, which is counted in parts of 2⁻²⁹, and the tests of bodies may be off by, over its length: in either precision.
const ROUNDING: Real = 48.0 * f32::EPSILON as Real;

/// The grid.
#[derive(Clone, Copy)]
pub struct Grid {
    /// Low corner, m.
    pub low: [Real; 3],
    /// Edges of a cell, m.
    pub edge: [Real; 3],
    /// Cells along each axis.
    pub size: [usize; 3],
    /// How much larger bodies are to their cells, m.
    pub slack: Real,
    /// Sum of the components, without signs, of the farthest point from which a ray finds its way, m.
    pub most: Real,
}

impl Grid {
    /// Cells.
    pub fn cells(&self) -> usize {
        self.size[0] * self.size[1] * self.size[2]
    }

    /// The grid that there is, or numbers of no meaning.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn read(world: &World) -> Self {
        let (c, size) = (&world.columns, world.columns.query_state.get(state::SIZE) as usize);
        let three = |at: usize| core::array::from_fn(|axis| c.query_bounds.get(at + axis));
        let (slack, most) = (c.query_bounds.get(3), c.query_bounds.get(7));
        Self { low: three(0), edge: three(4), size: [size & 127, size >> 7 & 127, size >> 14], slack, most }
    }

    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn write(&self, world: &World) {
        let c = &world.columns;
        for axis in 0..3 {
            c.query_bounds.set(axis, self.low[axis]);
            c.query_bounds.set(4 + axis, self.edge[axis]);
        }
        c.query_bounds.set(3, self.slack);
        c.query_bounds.set(7, self.most);
        c.query_state.set(state::SIZE, (self.size[0] | self.size[1] << 7 | self.size[2] << 14) as u32);
    }
}

/// Id `k` of the fours.
#[inline(always)]
pub fn id(world: &World, k: usize) -> *mut u32 {
    debug_assert!(k < world.columns.query_leaf.len());
    // A word is never longer than a real.
    world.columns.query_leaf.address(0).cast::<u32>().wrapping_add(k)
}

/// Number of bodies of a cell in a chunk, in scratch.
#[inline(always)]
fn counter(world: &World, k: usize) -> *mut u32 {
    debug_assert!(k < world.columns.node_moments.len());
    world.columns.node_moments.address(0).cast::<u32>().wrapping_add(k)
}

/// Builds the grid; false when bodies are not for it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(world: &World, high: usize) -> bool {
    let c = &world.columns;
    let Some(grid) = choose(world, high) else { return false };
    let cells = grid.cells();
    // In fuller cells a ray meets too many.
    let room = (c.query_node.len() / FOUR).min(c.query_leaf.len() / LANES).min((WIDE + 1) * cells);
    if WIDE * cells > room || cells > c.query_id.len() {
        return false;
    }
    let length = high.div_ceil(CHUNKS);
    let chunk = |k: usize| [(k * length).min(high), ((k + 1) * length).min(high)];
    world.jobs.run(CHUNKS, |k| count(world, &grid, k, chunk(k)));
    if !place(world, cells, room) {
        return false;
    }
    world.jobs.run(CHUNKS, |k| scatter(world, &grid, k, chunk(k)));
    grid.write(world);
    true
}

/// Place and radius of a body; none for planes.
#[inline(always)]
fn body(world: &World, e: usize) -> Option<Real4> {
    let c = &world.columns;
    let here = c.flags.get(e) & (flag::BODY | flag::PLANE) == flag::BODY;
    here.then(|| Real4::from_array([c.position_x.get(e), c.position_y.get(e), c.position_z.get(e), c.radius.get(e)]))
}

/// The grid for the bodies that there are; none when one is larger than an edge, or far away.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn choose(world: &World, high: usize) -> Option<Grid> {
    let most = Real4::splat(Real::MAX);
    let (mut least, mut largest, mut count) = (most, -most, 0.0);
    for body in (0..high).filter_map(|e| body(world, e)) {
        (least, largest, count) = (least.min(body), largest.max(body), count + DENSITY);
    }
    let (mut low, largest, mut most) = (least.to_array(), largest.to_array(), 0.0);
    let radius = largest[3];
    let mut edge: [Real; 3] = core::array::from_fn(|axis| {
        let extent = largest[axis] - low[axis] + 2.0 * radius;
        low[axis] -= radius + extent / 64.0;
        most += low[axis].abs() + 2.0 * extent;
        extent * (1.0 + 1.0 / 32.0)
    });
    let (extent, mut size) = (edge, [1usize; 3]);
    while ((size[0] * size[1] * size[2]) as Real) < count {
        let longest = super::query_cells::longest(edge);
        if size[longest] == MOST {
            return None;
        }
        size[longest] += 1;
        edge[longest] = extent[longest] / size[longest] as Real;
    }
    let low = [low[0], low[1], low[2]];
    let slack = edge[0].min(edge[1]).min(edge[2]) * SLACK;
    // False for what is not finite.
    (radius * SLACK <= slack && most <= slack / ROUNDING).then(|| Grid { low, edge, size, slack, most: slack / ROUNDING - most })
}

/// Which cells each body of a chunk is in, and how many of them each cell has.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn count(world: &World, grid: &Grid, chunk: usize, [start, end]: [usize; 2]) {
    let (c, cells) = (&world.columns, grid.cells());
    for cell in 0..cells {
        // SAFETY: the counters are inside the scratch.
        unsafe { *counter(world, chunk * cells + cell) = 0 };
    }
    for cell in WIDE * (chunk * cells / CHUNKS)..WIDE * ((chunk + 1) * cells / CHUNKS) {
        clear(world, cell);
    }
    let four = |v: [Real; 3], w: Real| Real4::from_array([v[0], v[1], v[2], w]);
    let inverse = four(grid.edge.map(|e| 1.0 / e), 0.0);
    let (low, last) = (four(grid.low, -grid.slack), four(grid.size.map(|n| (n - 1) as Real), 0.0));
    for e in start..end {
        let mut key = OUTSIDE;
        if let Some(body) = body(world, e) {
            let at = body - low;
            let reach = Real4::splat(at.to_array()[3]);
            let cell = |at: Real4| (at * inverse).max(Real4::splat(0.0)).min(last).floor_to_word().to_array();
            let (from, to) = (cell(at - reach), cell(at + reach));
            let span = |axis: usize| to[axis].wrapping_sub(from[axis]).min(3) << (SPAN_BITS * axis);
            let corner = from[0] as usize + grid.size[0] * (from[1] as usize + grid.size[1] * from[2] as usize);
            key = (corner as u32) << (3 * SPAN_BITS) | span(0) | span(1) | span(2);
            // SAFETY: as above.
            each_cell(grid, key, |cell| unsafe { *counter(world, chunk * cells + cell) += 1 });
        }
        c.key.set(e, key);
    }
}

/// Visits the cells of a key.
#[inline(always)]
fn each_cell(grid: &Grid, key: u32, mut visit: impl FnMut(usize)) {
    let span = |axis: usize| (key >> (SPAN_BITS * axis) & 3) as usize;
    let corner = (key >> (3 * SPAN_BITS)) as usize;
    let (x, y, z) = (span(0), span(1), span(2));
    for k in 0..=z {
        for j in 0..=y {
            for i in 0..=x {
                visit(corner + (k * grid.size[1] + j) * grid.size[0] + i);
            }
        }
    }
}

/// Turns the counts into places in the cells, and gives room to what does not fit. False when there is too much of that.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn place(world: &World, cells: usize, room: usize) -> bool {
    let mut four = WIDE * cells;
    for cell in 0..cells {
        let mut place = 0;
        for chunk in 0..CHUNKS {
            // SAFETY: the counters are inside the scratch.
            unsafe {
                let at = counter(world, chunk * cells + cell);
                (*at, place) = (place, place + *at);
            }
        }
        let more = (place as usize).saturating_sub(WIDE * LANES).div_ceil(LANES);
        world.columns.query_id.set(cell, (four << MORE_BITS | more) as u32);
        if more >= 1 << MORE_BITS || four + more > room {
            return false;
        }
        (four..four + more).for_each(|k| clear(world, k));
        four += more;
    }
    true
}

/// Empties a four.
#[inline(always)]
fn clear(world: &World, four: usize) {
    world.columns.query_node.store(FOUR * four + 3 * LANES, Real4::splat(Real::NAN));
}

/// Writes a chunk's bodies into their cells.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn scatter(world: &World, grid: &Grid, chunk: usize, [start, end]: [usize; 2]) {
    let (c, first) = (&world.columns, chunk * grid.cells());
    for e in start..end {
        let key = c.key.get(e);
        if key == OUTSIDE {
            continue;
        }
        let row = [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e), c.radius.get(e)];
        each_cell(grid, key, |cell| {
            // SAFETY: the counters are inside the scratch.
            let place = unsafe {
                let at = counter(world, first + cell);
                *at += 1;
                (*at - 1) as usize
            };
            let more = (c.query_id.get(cell) >> MORE_BITS) as usize;
            let four = if place < WIDE * LANES { WIDE * cell + place / LANES } else { more + place / LANES - WIDE };
            let lane = place % LANES;
            // SAFETY: there is room.
            unsafe { *id(world, LANES * four + lane) = e as u32 };
            for (k, v) in row.into_iter().enumerate() {
                c.query_node.set(FOUR * four + LANES * k + lane, v);
            }
        });
    }
}
