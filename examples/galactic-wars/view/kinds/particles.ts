import { createBillboard } from '../geometry/quads.ts'
import { type Drawn, drawMesh, drawPoints, ORDER, PARTICLES } from '../instance-set.ts'
import { createMaterial, qualityDefines, type ViewContext } from '../material.ts'
import { PARTICLE_FRAGMENT, PARTICLE_VERTEX } from '../shaders/particle.ts'

/** Fire, sparks, exhaust, debris and dust: all particles in one draw. */
export function createParticles(context: ViewContext): Drawn[] {
  const material = createMaterial(context, {
    vertex: PARTICLE_VERTEX,
    fragment: PARTICLE_FRAGMENT,
    defines: qualityDefines(context.quality),
    blend: 'cover',
  })
  if (context.quality.points) return [drawPoints(PARTICLES, material, ORDER.glow)]
  return [drawMesh(PARTICLES, createBillboard(), material, ORDER.glow)]
}
