/** Bits of `RigidBody.flags`, as `physics-wasm/src/world.rs` defines them; a test compares the two. */
export const BODY = 1
export const DYNAMIC = 2
export const KINEMATIC = 4
export const BULLET = 8
export const ATTRACTS = 16
export const SENSOR = 32
export const PLANE = 64
