import { step } from 'manybody'
import { FIXED_DT } from './constants.ts'
import type { Merger } from './create.ts'

/** One fixed step: all that happens is gravity. */
export function updateMerger(merger: Merger): void {
  step(merger.physics, FIXED_DT)
  merger.frame++
}

/** Time since the start, in natural units. */
export function mergerTime(merger: Merger): number {
  return merger.frame * FIXED_DT
}
