import { PILE_RADIUS } from './pile.ts'
import { onGround, UNIT_BOX } from './rigid-pile.ts'
import { boxMass, createShaped, createSpheres, type SceneData, sphereMass } from './scene.ts'

/** Boxes in a tower, spheres in a row. */
export const GROUP_SIZE = 5
/** Distance (m) of towers and of rows. */
const SPACING = 2

/**
 * Bodies laid to rest: one half as towers of five boxes of 1 m, the other as rows of five touching spheres on the ground,
 * in turn like a chessboard. Sleeping is on, so that after a second or two nothing should be left to simulate.
 *
 * @param count a multiple of ten
 */
export function sleepingScene(count = 10_000): SceneData {
  const half = count / 2
  const shaped = createShaped(half)
  const spheres = createSpheres(half)
  const groups = Math.ceil(half / GROUP_SIZE)
  let side = 1
  while (side * side < 2 * groups) side++
  for (let i = 0; i < half; i++) {
    const level = i % GROUP_SIZE
    const box = place(2 * Math.floor(i / GROUP_SIZE), side)
    shaped.x[i] = box.x
    shaped.y[i] = 0.5 + level
    shaped.z[i] = box.z
    const ball = place(2 * Math.floor(i / GROUP_SIZE) + 1, side)
    spheres.x[i] = ball.x + (level - 2) * 2 * PILE_RADIUS
    spheres.y[i] = PILE_RADIUS
    spheres.z[i] = ball.z
  }
  shaped.mass.fill(boxMass(UNIT_BOX.halfExtents, 1))
  spheres.radius.fill(PILE_RADIUS)
  spheres.mass.fill(sphereMass(PILE_RADIUS, 1))
  return { ...onGround(`asleep-${count}`), spheres, shapes: [UNIT_BOX], shaped, sleeping: true }
}

/** Middle of a group. A row is five metres long, so the groups lie further apart along x. */
function place(group: number, side: number): { x: number; z: number } {
  return { x: ((group % side) - side / 2) * 2 * SPACING, z: (Math.floor(group / side) - side / 2) * SPACING }
}
