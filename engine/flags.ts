/** Bits of `RigidBody.flags`, as `physics-wasm/src/world.rs` defines them; a test compares the two. */
export const BODY = 1
export const DYNAMIC = 2
export const KINEMATIC = 4
export const BULLET = 8
export const ATTRACTS = 16
export const SENSOR = 32
export const PLANE = 64
export const SHAPED = 128
export const ASLEEP = 256
export const CAN_SLEEP = 512
export const JOINTED = 1024
/** Three bits: never moves along x, y, z. */
export const LOCK_LINEAR = 7 << 11
/** Three bits: never turns about x, y, z. */
export const LOCK_ANGULAR = 7 << 14
/** Lowest of `LOCK_LINEAR`. */
export const LOCK_X = 1 << 11
/** Lowest of `LOCK_ANGULAR`. */
export const LOCK_TURN_X = 1 << 14
