//! The kernel of `manybody`. Its goals, in order:
//!
//! 1. One call a step, over memory that TypeScript and the GPU upload read in place.
//! 2. The same bits on every tier and with any number of threads.
//! 3. Nothing that the public API accepts traps it, hangs it or makes one body write another's state.
//! 4. Fast: four lanes everywhere, sorted memory, no allocation, no lock.
//!
//! Read `step.rs` first, then the stages in its order, then `jobs.rs`.

// What runs once a shape or when somebody asks is built small: a kernel is downloaded before it runs.
#![cfg_attr(target_arch = "wasm32", feature(optimize_attribute))]

#[cfg(all(target_feature = "relaxed-simd", target_arch = "wasm32"))]
compile_error!("relaxed SIMD gives different bits on different machines: build with strict simd128 only");

pub mod api;
pub mod capacity;
mod clock;
pub mod column;
pub mod geometry;
pub mod jobs;
pub mod layout;
pub mod order;
pub mod shapes;
pub mod sizes;
pub mod stages;
pub mod step;
pub mod tree;
pub mod wide;
pub mod world;
