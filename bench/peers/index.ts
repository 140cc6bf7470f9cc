import { havok } from './havok.ts'
import { jolt } from './jolt.ts'
import { ours } from './ours.ts'
import type { Peer } from './peer.ts'
import { rapier } from './rapier.ts'
import { rapierSimd } from './rapier-simd.ts'

/** Everything that is compared, ours first. */
export const PEERS: readonly Peer[] = [ours, havok, rapierSimd, rapier, jolt]
