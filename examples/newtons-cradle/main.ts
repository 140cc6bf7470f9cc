/** Newton's cradle: what comes in on one side goes out on the other. */
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { addBar, createStrings, updateStrings } from '../view/strings.ts'
import { BAR, createCradle, RADIUS, updateCradle } from './scene.ts'

let strings: ReturnType<typeof createStrings>

await play({
  look: {
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
  },
  create: createCradle,
  // Drawn as it stands, not between two steps: the strings end at the balls.
  update: (cradle, seconds) => void updateCradle(cradle, seconds),
  ball: { radius: 0.12, density: 2000, speed: 9 },
  dress({ scene }) {
    strings = createStrings(scene, 10)
    for (const z of [-BAR.aside, BAR.aside]) {
      addBar(scene, [-1.7, BAR.height, z], [1.7, BAR.height, z])
      for (const x of [-1.7, 1.7]) addBar(scene, [x, 0, z], [x, BAR.height, z])
    }
  },
  follow({ physics, balls }) {
    const { Position } = physics.components
    updateStrings(strings, (index, out) => {
      const i = index >> 1
      const ball = balls[i]!
      out.from.set((i - 2) * (2 * RADIUS + 0.004), BAR.height, index % 2 ? BAR.aside : -BAR.aside)
      out.to.set(Position.x[ball]!, Position.y[ball]!, Position.z[ball]!)
    })
  },
})
