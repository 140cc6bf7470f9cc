import { cannon } from './cannon.ts'
import { crashcat } from './crashcat.ts'
import { havok } from './havok.ts'
import { jolt } from './jolt.ts'
import { joltThreads } from './jolt-threads.ts'
import { ours, oursAlone } from './ours.ts'
import type { Peer } from './peer.ts'
import { rapier } from './rapier.ts'
import { rapierSimd } from './rapier-simd.ts'

/** Everything that is compared, ours first. */
export const PEERS: readonly Peer[] = [ours, oursAlone, havok, rapierSimd, rapier, joltThreads, jolt, crashcat, cannon]
