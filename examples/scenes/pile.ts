import { between, createRandom } from './random.ts'
import { createSpheres, type SceneData, sphereMass } from './scene.ts'

export const PILE_RADIUS = 0.5
/** Lattice spacing in metres: across, up, across. */
export const PILE_SPACING = [1.1, 1.2, 1.1] as const
/** A perfect lattice would fall into columns that balance for ever; each centre is moved sideways by up to this, m. */
export const PILE_JITTER = 0.01

/**
 * Unit spheres (radius 0.5 m, density 1) on a lattice of 1.1 × 1.2 × 1.1 m, about as wide as high, falling under
 * 9.81 m/s² onto the ground plane y = 0. Friction 0.5, no restitution.
 */
export function spherePileScene(count = 5_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const s = createSpheres(count)
  const [dx, dy, dz] = PILE_SPACING
  let side = 1
  while (side * side * side < count) side++
  const middle = (side - 1) / 2
  for (let i = 0; i < count; i++) {
    const column = i % side
    const row = Math.floor(i / side) % side
    const layer = Math.floor(i / (side * side))
    s.x[i] = (column - middle) * dx + between(random, -PILE_JITTER, PILE_JITTER)
    s.y[i] = dy / 2 + layer * dy
    s.z[i] = (row - middle) * dz + between(random, -PILE_JITTER, PILE_JITTER)
    s.radius[i] = PILE_RADIUS
    s.mass[i] = sphereMass(PILE_RADIUS, 1)
  }
  const ground = { normal: [0, 1, 0] as [number, number, number], offset: 0, friction: 0.5, restitution: 0 }
  return { name: `pile-spheres-${count}`, gravity: [0, -9.81, 0], spheres: s, planes: [ground] }
}
