//! Lengths of records, blocks and tables that the kernel's parts agree on.

use core::mem::size_of;

use crate::wide::Real;

/// Alignment of every column, in bytes: one cache line.
pub const LINE: usize = 64;
/// Bodies a block of the per-entity stages: enough work to be worth a claim (5–10 µs), small enough to balance.
pub const BLOCK: usize = 1024;
/// Slabs of the first sorting pass (the top eight bits of a cell key).
pub const SLABS: usize = 256;
/// Bits of the largest grid: 2²⁰ cells.
pub const MAX_GRID_BITS: u32 = 20;
/// Pairs a page of the pair buffers.
pub const PAGE: usize = 128;
/// Counters of one block: radius octaves and one octave histogram an axis.
pub const OCTAVES: usize = 64;
/// Bodies that may have left what the list of pairs holds them for, before it is made anew.
pub const MAX_STRAYS: usize = 128;
/// Static planes a world can hold.
pub const MAX_PLANES: usize = 64;
/// Instance groups a world can draw.
pub const MAX_GROUPS: usize = 16;
/// Parameters of one burst or emitter; the order is `stages::particles::parameter`.
pub const EMISSION: usize = 24;
/// Bursts that can wait for one step.
pub const MAX_BURSTS: usize = 1024;
/// Floats of one packed body instance.
pub const BODY_STRIDE: usize = 12;
/// Particles of a page: all of one system.
pub const PARTICLE_PAGE: usize = 256;
/// Numbers of a particle; the order is `stages::particle_pages::field`.
pub const PARTICLE_FIELDS: usize = 9;
/// Numbers that only some systems need of a particle; the order is `stages::particle_pages::extra`.
pub const PARTICLE_EXTRAS: usize = 5;
/// Numbers of a particle system; the order is `stages::particle_system::real`.
pub const SYSTEM_REALS: usize = 160;
/// Words of a particle system; the order is `stages::particle_system::word`.
pub const SYSTEM_WORDS: usize = 32;
/// Numbers of where and how particles are asked for; the order is `stages::particle_plan::origin`.
pub const BROOD_REALS: usize = 11;
/// Words of it: system, count, first of the newborn.
pub const BROOD_WORDS: usize = 3;
/// Floats of one packed particle.
pub const PARTICLE_STRIDE: usize = 8;
/// Values a wide contact of spheres holds, four lanes each; the order is `stages::contact::field`.
pub const WIDE_CONTACT: usize = 17;
/// Values a wide manifold holds, four lanes each; the order is `stages::manifold::field`.
pub const WIDE_MANIFOLD: usize = 76;
/// Values a wide joint holds, four lanes each; the order is `stages::joint_wide::field`.
pub const WIDE_JOINT: usize = 64;
/// Reals and words of a manifold's record; the order is `stages::manifold::record`.
pub const MANIFOLD_REALS: usize = 88;
/// Words of a manifold's record.
pub const MANIFOLD_WORDS: usize = 12;
/// Reals of a shape's entry; the order is `shapes::field`.
pub const SHAPE_REALS: usize = 32;
/// Words of a shape's entry; the order is `shapes::word`.
pub const SHAPE_WORDS: usize = 16;
/// Reals of a joint: frames, limits, motors; the order is `stages::joint::parameter`.
pub const JOINT_REALS: usize = 48;
/// Reals of a joint's state: the impulses of its rows.
pub const JOINT_STATE: usize = 16;
/// Reals that input to the shape builder can have: 4,096 points.
pub const STAGING: usize = 3 * 4096;
/// Rays that one call into the kernel casts at most.
pub const QUERIES: usize = 16_384;
/// Words of a body's record in the sort: key, id, position and reach.
pub const RECORD: usize = 2 + size_of::<[Real; 4]>() / 4;
/// Reals of one solver body, a cache line in single precision: rows of four for velocity and inverse mass, angular velocity and inverse inertia
/// of spheres, displacement since the step began, turn since the step began (a rotation vector).
pub const SOLVER_BODY: usize = 16;
/// Reals of what else the solver knows of a body: rows of four for the velocity after the last kick, the orientation, the world's inverse
/// inertia (xx, yy, zz, xy | xz, yz, 0, 0), acceleration, angular acceleration, angular velocity after the last kick. Orientation and inertia
/// are filled only where the world has shapes or joints: spheres need none of them.
pub const SOLVER_FRAME: usize = 28;
/// Nodes a block of the hierarchy.
pub const NODE_BLOCK: usize = 512;
/// Reals of a node's local matrix: three axes and the place.
pub const NODE_LOCAL: usize = 12;
/// Reals of what four entities' matrices were made of: their positions, rotations and scales.
pub const NODE_KEPT: usize = 40;
/// Reals of a matrix.
pub const MATRIX: usize = 16;
