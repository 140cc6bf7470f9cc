/** Newton's cradle: what comes in on one side goes out on the other. */
import { dispose, packInstances } from 'manybody'
import { COLORS } from '../view/palette.ts'
import { addBar, createStrings, updateStrings } from '../view/strings.ts'
import { throwBall } from '../view/throw.ts'
import { createView, runLoop, showWorld } from '../view/view.ts'
import { BAR, createCradle, RADIUS, updateCradle } from './scene.ts'

const view = createView({
  title: 'Newton’s cradle',
  eye: [-2.6, 1.9, 6.6],
  target: [0, 1.35, 0],
  reach: 4,
  ground: '#4a5563',
  sky: '#1c2733',
  horizon: '#55636f',
  dark: true,
  groups: {
    ball: { shape: { type: 'sphere', radius: RADIUS }, colors: [COLORS.steel], roughness: 0.12, metalness: 1 },
  },
})
const strings = createStrings(view.scene, 10)
for (const z of [-BAR.aside, BAR.aside]) {
  addBar(view.scene, [-1.7, BAR.height, z], [1.7, BAR.height, z])
  for (const x of [-1.7, 1.7]) addBar(view.scene, [x, 0, z], [x, BAR.height, z])
}

let cradle = await createCradle()
showWorld(view, cradle.physics)

view.onReset = async () => {
  const old = cradle
  cradle = await createCradle()
  showWorld(view, cradle.physics)
  dispose(old.physics)
}
view.onThrow = (ray) => throwBall(cradle.physics, ray, { radius: 0.12, density: 2000, speed: 9 })

runLoop(view, (seconds) => {
  updateCradle(cradle, seconds)
  packInstances(cradle.physics)
  const { Position } = cradle.physics.components
  updateStrings(strings, (index, out) => {
    const i = index >> 1
    const ball = cradle.balls[i]!
    out.from.set((i - 2) * (2 * RADIUS + 0.004), BAR.height, index % 2 ? BAR.aside : -BAR.aside)
    out.to.set(Position.x[ball]!, Position.y[ball]!, Position.z[ball]!)
  })
})
