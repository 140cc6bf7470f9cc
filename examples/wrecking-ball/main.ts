/** A wrecking ball: four tonnes at the end of a chain of light links. */
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { addBar } from '../view/strings.ts'
import { createWrecking, HOOK, LINK, RADIUS, updateWrecking } from './scene.ts'

const clay = [COLORS.brick, '#c46a4d', '#a3472f']

await play({
  look: {
    title: 'Wrecking ball',
    eye: [-16, 6.5, 17],
    target: [0.5, 4.6, 0],
    reach: 16,
    ground: '#a59c8c',
    groups: {
      // Whole bricks and halves in one draw call.
      brick: { shape: { type: 'box', halfExtents: [1, 1, 1] }, scaled: true, colors: clay, roughness: 0.9 },
      link: { shape: LINK, colors: ['#9aa4ad'], roughness: 0.35, metalness: 0.8 },
      ball: {
        shape: { type: 'sphere', radius: RADIUS },
        colors: [COLORS.iron],
        stripe: COLORS.yellow,
        roughness: 0.35,
      },
    },
  },
  create: createWrecking,
  update: updateWrecking,
  dress({ scene }) {
    // The crane is scenery: a mast behind the wall, and its boom over the hook.
    addBar(scene, [HOOK[0], HOOK[1] + 0.15, -11], [HOOK[0], HOOK[1] + 0.15, 1.5], 0.16)
    addBar(scene, [HOOK[0], 0, -10], [HOOK[0], HOOK[1] + 2, -10], 0.25)
    addBar(scene, [HOOK[0], HOOK[1] + 2, -10], [HOOK[0], HOOK[1] + 0.2, 0], 0.06)
  },
})
