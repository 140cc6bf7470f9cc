/** A pyramid of 650 crates, asleep until something hits it. */
import { dispose, packInstances } from 'manybody'
import { COLORS } from '../view/palette.ts'
import { throwBall } from '../view/throw.ts'
import { createView, runLoop, showWorld } from '../view/view.ts'
import { BALL, CRATE, createPyramid, updatePyramid } from './scene.ts'

const view = createView({
  title: 'Pyramid',
  eye: [-15, 9, 22],
  target: [0, 4, 0],
  reach: 22,
  groups: {
    crate: { shape: CRATE, colors: [COLORS.amber, COLORS.red, COLORS.cream, COLORS.teal] },
    ball: { shape: BALL, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
  },
})

let pyramid = await createPyramid()
showWorld(view, pyramid.physics)

view.onReset = async () => {
  const old = pyramid
  pyramid = await createPyramid()
  showWorld(view, pyramid.physics)
  dispose(old.physics)
}
view.onThrow = (ray) => throwBall(pyramid.physics, ray)

runLoop(view, (seconds) => {
  const { alpha } = updatePyramid(pyramid, seconds)
  packInstances(pyramid.physics, { alpha })
})
