import { onGround, UNIT_BOX } from './rigid-pile.ts'
import { boxMass, createShaped, type SceneData } from './scene.ts'

/**
 * A wall of boxes of 1 m, each on the joint between two below: `rows` at the bottom, one less in each row, one at the top.
 * They touch and are at rest when the scene begins; 100 rows are 5,050 boxes.
 */
export function pyramidScene(rows = 100): SceneData {
  const shaped = createShaped((rows * (rows + 1)) / 2)
  const edge = 2 * UNIT_BOX.halfExtents[0]
  let i = 0
  for (let row = 0; row < rows; row++) {
    const boxes = rows - row
    for (let box = 0; box < boxes; box++, i++) {
      shaped.x[i] = (box - (boxes - 1) / 2) * edge
      shaped.y[i] = (row + 0.5) * edge
    }
  }
  shaped.mass.fill(boxMass(UNIT_BOX.halfExtents, 1))
  return { ...onGround(`pyramid-${shaped.count}`), shapes: [UNIT_BOX], shaped }
}
