//! Geometry without a world: pure functions over shapes and poses. Stages bring the columns, this folder brings the answers.
//!
//! `vector` is the small algebra (`double` the same in 64 bits for the iterative methods); `convex` the shapes as the narrow phase sees them;
//! `manifold` what it gives. `collide` picks the method for a pair: `round` and `capsule` (spheres, capsules), `box_box`, `hull_hull` (all
//! polytopes, which `polytope` writes down as hulls), with `clip` for the faces; `half_space` is for planes, `reduce` thins points out. `gjk`,
//! `cast` and `ray` answer queries. `hull_build` makes hulls of points, `mass` and `bounds` measure shapes; `bvh` finds among many boxes, `mesh`
//! and `height_field` are level geometry over it. `spin` turns bodies, `angle` measures turns.

// `!(x > 0.0)` is not `x <= 0.0`: NaN has to fall on the harmless side; and `clamp` panics where a bound is NaN.
#![allow(clippy::neg_cmp_op_on_partial_ord, clippy::manual_clamp)]

pub mod angle;
pub mod bounds;
pub mod box_box;
pub mod bvh;
pub mod capsule;
pub mod cast;
pub mod clip;
pub mod collide;
pub mod convex;
pub mod double;
pub mod gjk;
pub mod half_space;
pub mod height_field;
pub mod hull_axes;
pub mod hull_build;
mod hull_grid;
pub mod hull_hull;
mod hull_merge;
pub mod manifold;
pub mod mass;
pub mod mesh;
pub mod polytope;
pub mod ray;
pub mod reduce;
pub mod round;
pub mod spin;
pub mod triangle;
pub mod vector;
