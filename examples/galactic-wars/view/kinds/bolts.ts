import { Vector3 } from 'three'
import { createStreak } from '../geometry/quads.ts'
import { type Drawn, drawMesh, drawPoints, ORDER } from '../instance-set.ts'
import { createMaterial, qualityDefines, type ViewContext } from '../material.ts'
import { BOLT_FRAGMENT, BOLT_VERTEX } from '../shaders/bolt.ts'

/** Seconds of flight that a streak shows. */
const EXPOSURE = 0.055

/** The shots of one fleet. */
export function createBolts(context: ViewContext, group: string, color: readonly [number, number, number]): Drawn[] {
  const material = createMaterial(context, {
    vertex: BOLT_VERTEX,
    fragment: BOLT_FRAGMENT,
    uniforms: { fleetColor: { value: new Vector3(...color) }, exposure: { value: EXPOSURE } },
    defines: qualityDefines(context.quality),
    blend: 'add',
    // A streak has no outside.
    side: 2,
  })
  if (context.quality.points) return [drawPoints(group, material, ORDER.glow)]
  return [drawMesh(group, createStreak(), material, ORDER.glow)]
}
