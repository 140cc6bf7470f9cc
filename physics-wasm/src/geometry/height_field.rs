//! Height fields: a grid of heights over x and z, two triangles a cell. Blocks of eight by eight cells know their lowest and highest point.
//!
//! ```text
//!        column → x
//!   row  p00 ───── p10      even triangle: p00, p01, p11
//!    ↓    │ ╲  odd  │       odd triangle:  p00, p11, p10
//!    z    │ even ╲  │       index: 2 · (row · (columns − 1) + column), + 1 for the odd one
//!        p01 ───── p11
//! ```

use super::bounds::{around, Aabb};
use super::bvh::Ray;
use super::convex::Triangle;
use super::triangle::{self, Hit, Near};
use super::vector::Vec3;
use crate::wide::Real;

/// Cells along a side of a block.
pub const BLOCK: usize = 8;

/// Why there is no height field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeightFieldError {
    /// Fewer than two rows or columns, more than 2³⁰ cells, or another number of heights than rows × columns.
    Count,
    /// The spacing is not positive and finite.
    Spacing,
    /// The memory handed in is too small.
    Memory,
    /// This height is NaN, infinite or beyond 1e18 m.
    NotFinite(u32),
}

/// Rows and columns of heights and the distances between them.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Heights along z.
    pub rows: usize,
    /// Heights along x.
    pub columns: usize,
    /// Distance of columns along x and of rows along z, m.
    pub spacing: [Real; 2],
}

/// A height field over memory that somebody else holds; its middle is above or below the origin.
#[derive(Clone, Copy, Debug)]
pub struct HeightField<'a> {
    /// Size of the grid.
    pub shape: Shape,
    /// Heights row by row, m.
    pub heights: &'a [Real],
    /// Lowest and highest point of each block, row by row, m.
    pub blocks: &'a [Real],
}

/// Numbers that `build` writes.
pub const fn block_capacity(rows: usize, columns: usize) -> usize {
    2 * rows.saturating_sub(1).div_ceil(BLOCK) * columns.saturating_sub(1).div_ceil(BLOCK)
}

/// Checks a grid and writes the lowest and highest point of each block.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(shape: Shape, heights: &[Real], blocks: &mut [Real]) -> Result<(), HeightFieldError> {
    let Shape { rows, columns, spacing } = shape;
    let few = rows < 2 || columns < 2;
    if few || rows.checked_mul(columns) != Some(heights.len()) || heights.len() > 1 << 30 {
        return Err(HeightFieldError::Count);
    }
    if !spacing.iter().all(|s| *s > 0.0 && *s <= 1e18) {
        return Err(HeightFieldError::Spacing);
    }
    if let Some(bad) = heights.iter().position(|h| h.is_nan() || h.abs() > 1e18) {
        return Err(HeightFieldError::NotFinite(bad as u32));
    }
    if blocks.len() < block_capacity(rows, columns) {
        return Err(HeightFieldError::Memory);
    }
    let across = (columns - 1).div_ceil(BLOCK);
    for (block, pair) in blocks[..block_capacity(rows, columns)].chunks_exact_mut(2).enumerate() {
        let (row, column) = (block / across * BLOCK, block % across * BLOCK);
        let (mut low, mut high) = (Real::INFINITY, Real::NEG_INFINITY);
        for row in row..rows.min(row + BLOCK + 1) {
            for h in &heights[row * columns + column..row * columns + columns.min(column + BLOCK + 1)] {
                (low, high) = (low.min(*h), high.max(*h));
            }
        }
        pair.copy_from_slice(&[low, high]);
    }
    Ok(())
}

/// First and last of a range of cells or blocks.
type Span = [usize; 2];

impl HeightField<'_> {
    /// The box around the field.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn bounds(&self) -> Aabb {
        let (mut low, mut high) = (Real::INFINITY, Real::NEG_INFINITY);
        for pair in self.blocks.chunks_exact(2) {
            (low, high) = (low.min(pair[0]), high.max(pair[1]));
        }
        let last = self.corner(self.shape.rows - 1, self.shape.columns - 1);
        [[-last[0], low, -last[2]], [last[0], high, last[2]]]
    }

    /// The point of a row and a column.
    #[inline(always)]
    fn corner(&self, row: usize, column: usize) -> Vec3 {
        let Shape { rows, columns, spacing } = self.shape;
        // Halves of whole numbers: exact, so that neighbours agree on their corners and the field is symmetric.
        let x = column as Real - 0.5 * (columns - 1) as Real;
        let z = row as Real - 0.5 * (rows - 1) as Real;
        [x * spacing[0], self.heights[row * columns + column], z * spacing[1]]
    }

    /// A triangle; its index has to be below 2 (rows − 1) (columns − 1).
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn triangle(&self, index: u32) -> Triangle {
        let cell = index as usize / 2;
        let (row, column) = (cell / (self.shape.columns - 1), cell % (self.shape.columns - 1));
        let corners = self.corners(index);
        let (last_row, last_column) = (row + 2 == self.shape.rows, column + 2 == self.shape.columns);
        // Opposite corner across each edge in the neighbouring triangle; none at the border.
        let across = if index & 1 == 0 {
            [
                (column > 0).then(|| self.corner(row, column.wrapping_sub(1))),
                (!last_row).then(|| self.corner((row + 2).min(self.shape.rows - 1), column + 1)),
                Some(self.corner(row, column + 1)),
            ]
        } else {
            [
                Some(self.corner(row + 1, column)),
                (!last_column).then(|| self.corner(row + 1, (column + 2).min(self.shape.columns - 1))),
                (row > 0).then(|| self.corner(row.wrapping_sub(1), column)),
            ]
        };
        let mut active = 0;
        for (k, opposite) in across.into_iter().enumerate() {
            let turned = [corners[k], corners[(k + 1) % 3], corners[(k + 2) % 3]];
            if opposite.is_none_or(|opposite| triangle::is_ridge(turned, opposite)) {
                active |= 1 << k;
            }
        }
        Triangle { corners, active }
    }

    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn corners(&self, index: u32) -> [Vec3; 3] {
        let cell = index as usize / 2;
        let (row, column) = (cell / (self.shape.columns - 1), cell % (self.shape.columns - 1));
        let (p00, p11) = (self.corner(row, column), self.corner(row + 1, column + 1));
        if index & 1 == 0 {
            [p00, self.corner(row + 1, column), p11]
        } else {
            [p00, p11, self.corner(row, column + 1)]
        }
    }

    /// Cells that may touch `low` … `high` along an axis (0: columns, 1: rows); none where the range misses the field.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn cells(&self, axis: usize, low: Real, high: Real) -> Option<Span> {
        let cells = [self.shape.columns, self.shape.rows][axis] - 1;
        let spacing = self.shape.spacing[axis];
        let half = 0.5 * cells as Real;
        // A little wider than asked for: what is found is tested against its box.
        let slack = 1e-3 + 4.0 * Real::EPSILON * half;
        let (first, last) = (low / spacing + half - slack, high / spacing + half + slack);
        if !(first <= last && last >= 0.0 && first <= cells as Real) {
            return None;
        }
        // Casts saturate: below 0 becomes 0.
        Some([(first as usize).min(cells - 1), (last as usize).min(cells - 1)])
    }

    /// The box around a cell.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn cell_box(&self, row: usize, column: usize) -> Aabb {
        let (a, b) = (self.corner(row, column), self.corner(row + 1, column + 1));
        let (c, d) = (self.corner(row, column + 1)[1], self.corner(row + 1, column)[1]);
        [[a[0], a[1].min(b[1]).min(c).min(d), a[2]], [b[0], a[1].max(b[1]).max(c).max(d), b[2]]]
    }

    /// The box around a block.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn block_box(&self, row: usize, column: usize) -> Aabb {
        let Shape { rows, columns, .. } = self.shape;
        let pair = 2 * (row * (columns - 1).div_ceil(BLOCK) + column);
        let a = self.corner(row * BLOCK, column * BLOCK);
        let b = self.corner((rows - 1).min((row + 1) * BLOCK), (columns - 1).min((column + 1) * BLOCK));
        [[a[0], self.blocks[pair], a[2]], [b[0], self.blocks[pair + 1], b[2]]]
    }

    /// Gives each triangle whose box overlaps or touches the box `low` … `high`, block by block.
    #[inline(always)]
    pub fn for_each_triangle(&self, low: Vec3, high: Vec3, mut each: impl FnMut(u32, Triangle)) {
        self.each_in_box(low, high, &mut each);
    }

    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn each_in_box(&self, low: Vec3, high: Vec3, each: &mut dyn FnMut(u32, Triangle)) {
        let (Some(columns), Some(rows)) = (self.cells(0, low[0], high[0]), self.cells(1, low[2], high[2])) else {
            return;
        };
        let overlaps = |b: &Aabb| (0..3).all(|axis| b[0][axis] <= high[axis] && b[1][axis] >= low[axis]);
        self.for_each_cell([rows, columns], &mut { overlaps }, &mut |row, column| {
            let first = 2 * (row * (self.shape.columns - 1) + column) as u32;
            for index in first..first + 2 {
                let corners = self.corners(index);
                if overlaps(&around(&corners)) {
                    each(index, self.triangle(index));
                }
            }
        });
    }

    /// Gives each cell of a range whose box, and whose block's box, pass a test.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    #[inline(never)]
    fn for_each_cell(&self, [rows, columns]: [Span; 2], test: &mut dyn FnMut(&Aabb) -> bool, each: &mut dyn FnMut(usize, usize)) {
        for block_row in rows[0] / BLOCK..=rows[1] / BLOCK {
            for block_column in columns[0] / BLOCK..=columns[1] / BLOCK {
                if !test(&self.block_box(block_row, block_column)) {
                    continue;
                }
                let within = |span: Span, block: usize| span[0].max(block * BLOCK)..=span[1].min(block * BLOCK + BLOCK - 1);
                for row in within(rows, block_row) {
                    for column in within(columns, block_column) {
                        if test(&self.cell_box(row, column)) {
                            each(row, column);
                        }
                    }
                }
            }
        }
    }

    /// The first triangle on a ray, met from either side; of several at the same distance the one with the lowest index. `expand` of the ray
    /// has no part in it.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn ray(&self, ray: &Ray) -> Option<Hit> {
        let mut best: Option<Hit> = None;
        let mut test = |triangle: u32, max: Real| {
            let Some((distance, normal)) = triangle::ray(&self.corners(triangle), ray.origin, ray.direction) else {
                return max;
            };
            let lower = best.is_none_or(|hit| triangle < hit.triangle);
            if distance < max || (distance == max && lower) {
                best = Some(Hit { distance, normal, triangle });
                return distance;
            }
            max
        };
        // Behind a pointer: moving shapes have the same copy of the search.
        self.visit_ray(&Ray { expand: [0.0; 3], ..*ray }, &mut test as &mut dyn FnMut(u32, Real) -> Real);
        best
    }

    /// Reports the triangles whose cells' boxes, grown by `expand` on each side, the ray meets within `max_distance`, nearer blocks first. `direction`
    /// has length one; `visit` gets the triangle and the distance so far and gives the new one: cells beyond it are left out.
    #[inline(never)]
    pub fn visit_ray(&self, ray: &Ray, mut visit: impl FnMut(u32, Real) -> Real) {
        let mut search = Search { field: self, line: Line::new(ray), max: ray.max_distance, visit: &mut visit };
        let [low, high] = self.bounds();
        // Cells that the ray is over between two distances along it, along an axis of the grid.
        let over = |axis: usize, component: usize, [enter, leave]: [Real; 2]| {
            let (origin, direction) = (ray.origin[component], ray.direction[component]);
            let [from, to] = [enter, leave].map(|t| origin + direction * t);
            let reach = ray.expand[component] + 4.0 * Real::EPSILON * (origin.abs() + leave);
            self.cells(axis, from.min(to) - reach, from.max(to) + reach)
        };
        let Some([first, last]) = search.line.meet(&[low, high], search.max).and_then(|between| over(1, 2, between)) else {
            return;
        };
        // Strips of blocks in the order of the ray; in each, the blocks between where it enters and where it leaves.
        let (first, last) = (first / BLOCK, last / BLOCK);
        for k in 0..=last - first {
            let strip = if ray.direction[2] < 0.0 { last - k } else { first + k };
            let rows = [strip * BLOCK, (self.shape.rows - 1).min((strip + 1) * BLOCK)];
            let [near, far] = rows.map(|row| self.corner(row, 0)[2]);
            let between = search.line.meet(&[[low[0], low[1], near], [high[0], high[1], far]], search.max);
            if let Some(columns) = between.and_then(|between| over(0, 0, between)) {
                search.strip(strip, [rows[0], rows[1] - 1], columns);
            }
        }
    }

    /// The point of the field nearest to `point`, if one is within `max_distance`.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn nearest(&self, point: Vec3, max_distance: Real) -> Option<Near> {
        let mut best: Option<Near> = None;
        let max = core::cell::Cell::new(max_distance);
        let mut look = |row: usize, column: usize| {
            let first = 2 * (row * (self.shape.columns - 1) + column) as u32;
            for index in first..first + 2 {
                let on = triangle::nearest(&self.corners(index), point);
                let distance = triangle::distance(on, point);
                let first = best.is_none_or(|near| index < near.triangle);
                if distance < max.get() || (distance == max.get() && first) {
                    best = Some(Near { distance, point: on, triangle: index });
                    max.set(distance);
                }
            }
        };
        // The cell below or above the point first: what is farther than its surface need not be looked at.
        if let (Some([column, _]), Some([row, _])) = (self.cells(0, point[0], point[0]), self.cells(1, point[2], point[2])) {
            look(row, column);
        }
        let reach = max.get();
        let spans = [(1, 2), (0, 0)].map(|(axis, component)| self.cells(axis, point[component] - reach, point[component] + reach));
        if let [Some(rows), Some(columns)] = spans {
            let within = |b: &Aabb| {
                let d: Vec3 = core::array::from_fn(|axis| (b[0][axis] - point[axis]).max(point[axis] - b[1][axis]).max(0.0));
                // Rounded up a little: a box that holds the nearest point must not be left out.
                triangle::distance(d, [0.0; 3]) <= max.get() * (1.0 + 4.0 * Real::EPSILON)
            };
            self.for_each_cell([rows, columns], &mut { within }, &mut look);
        }
        best
    }
}

/// A ray, ready to be held against boxes.
#[derive(Clone, Copy)]
struct Line {
    origin: Vec3,
    direction: Vec3,
    inverse: Vec3,
    expand: Vec3,
    slack: Real,
}

impl Line {
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn new(ray: &Ray) -> Self {
        let inverse = ray.direction.map(|d| if d.abs() < 1e-20 { 0.0 } else { 1.0 / d });
        let farthest = ray.origin.iter().fold(0.0, |most: Real, v| most.max(v.abs()));
        Self { origin: ray.origin, direction: ray.direction, inverse, expand: ray.expand, slack: 4.0 * Real::EPSILON * farthest }
    }

    /// Where the ray is inside a box, up to `max`.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn meet(&self, [low, high]: &Aabb, max: Real) -> Option<[Real; 2]> {
        let (mut near, mut far): (Real, Real) = (0.0, max);
        for axis in 0..3 {
            let slack = self.expand[axis] + self.slack + 4.0 * Real::EPSILON * low[axis].abs().max(high[axis].abs());
            let (low, high) = (low[axis] - self.origin[axis] - slack, high[axis] - self.origin[axis] + slack);
            if self.inverse[axis] == 0.0 {
                if !(low <= 0.0 && high >= 0.0) {
                    return None;
                }
            } else {
                let (one, two) = (low * self.inverse[axis], high * self.inverse[axis]);
                near = near.max(one.min(two));
                far = far.min(one.max(two));
            }
        }
        (near <= far).then_some([near, far])
    }
}

/// A search along a ray.
struct Search<'a, 'b> {
    field: &'a HeightField<'b>,
    line: Line,
    max: Real,
    visit: &'a mut dyn FnMut(u32, Real) -> Real,
}

impl Search<'_, '_> {
    /// Looks at the blocks of a strip in the order of the ray.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn strip(&mut self, block_row: usize, rows: Span, columns: Span) {
        let (first, last) = (columns[0] / BLOCK, columns[1] / BLOCK);
        for k in 0..=last - first {
            let block = if self.line.direction[0] < 0.0 { last - k } else { first + k };
            if self.line.meet(&self.field.block_box(block_row, block), self.max).is_none() {
                continue;
            }
            for row in rows[0]..=rows[1] {
                for column in columns[0].max(block * BLOCK)..=columns[1].min(block * BLOCK + BLOCK - 1) {
                    self.cell(row, column);
                }
            }
        }
    }

    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn cell(&mut self, row: usize, column: usize) {
        if self.line.meet(&self.field.cell_box(row, column), self.max).is_none() {
            return;
        }
        let first = 2 * (row * (self.field.shape.columns - 1) + column) as u32;
        for triangle in first..first + 2 {
            self.max = (self.visit)(triangle, self.max);
        }
    }
}
