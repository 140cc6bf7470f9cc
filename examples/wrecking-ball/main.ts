/** A wrecking ball: four tonnes at the end of a chain of light links. */
import { dispose, packInstances } from 'manybody'
import { COLORS } from '../view/palette.ts'
import { addBar } from '../view/strings.ts'
import { throwBall } from '../view/throw.ts'
import { createView, runLoop, showWorld } from '../view/view.ts'
import { BRICK, createWrecking, HALF_BRICK, HOOK, LINK, RADIUS, updateWrecking } from './scene.ts'

const clay = [COLORS.brick, '#c46a4d', '#a3472f']
const view = createView({
  title: 'Wrecking ball',
  eye: [-16, 6.5, 17],
  target: [0.5, 4.6, 0],
  reach: 16,
  ground: '#a59c8c',
  groups: {
    brick: { shape: BRICK, colors: clay, roughness: 0.9 },
    half: { shape: HALF_BRICK, colors: clay, roughness: 0.9 },
    link: { shape: LINK, colors: ['#9aa4ad'], roughness: 0.35, metalness: 0.8 },
    ball: { shape: { type: 'sphere', radius: RADIUS }, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
  },
})
// The crane is scenery: a mast behind the wall, and its boom over the hook.
addBar(view.scene, [HOOK[0], HOOK[1] + 0.15, -11], [HOOK[0], HOOK[1] + 0.15, 1.5], 0.16)
addBar(view.scene, [HOOK[0], 0, -10], [HOOK[0], HOOK[1] + 2, -10], 0.25)
addBar(view.scene, [HOOK[0], HOOK[1] + 2, -10], [HOOK[0], HOOK[1] + 0.2, 0], 0.06)

let wrecking = await createWrecking()
showWorld(view, wrecking.physics)

view.onReset = async () => {
  const old = wrecking
  wrecking = await createWrecking()
  showWorld(view, wrecking.physics)
  dispose(old.physics)
}
view.onThrow = (ray) => throwBall(wrecking.physics, ray)

runLoop(view, (seconds) => {
  const { alpha } = updateWrecking(wrecking, seconds)
  packInstances(wrecking.physics, { alpha })
})
