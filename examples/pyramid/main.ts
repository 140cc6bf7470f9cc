/** A pyramid of 650 crates, asleep until something hits it. */
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { BALL, CRATE, createPyramid, updatePyramid } from './scene.ts'

await play({
  look: {
    title: 'Pyramid',
    eye: [-15, 9, 22],
    target: [0, 4, 0],
    reach: 22,
    groups: {
      crate: { shape: CRATE, colors: [COLORS.amber, COLORS.red, COLORS.cream, COLORS.teal] },
      ball: { shape: BALL, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
    },
  },
  create: createPyramid,
  update: updatePyramid,
})
