/** Rapier built with WebAssembly SIMD. */
import RAPIER from '@dimforge/rapier3d-simd-compat'
import type { Peer } from './peer.ts'
import { loadRapier, type RapierModule } from './rapier.ts'

/** Rapier's SIMD build; its newest release trails the portable one by a minor version, with the same calls. */
export const rapierSimd: Peer = {
  name: 'rapier-simd',
  packageName: '@dimforge/rapier3d-simd-compat',
  load: (scene) => loadRapier(RAPIER as unknown as RapierModule, 'simd', scene),
}
