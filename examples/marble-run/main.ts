/** A marble run: a trough of triangles winds down, and a sensor at its end sends the marbles up again. */
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { createMarbleRun, RADIUS, TRACK, updateMarbleRun } from './scene.ts'

await play({
  look: {
    title: 'Marble run',
    eye: [7.5, 9, 11],
    target: [0, 3.2, 0],
    reach: 9,
    ground: '#8fa39a',
    groups: {
      track: { shape: TRACK, colors: ['#d9b07c'], roughness: 0.55 },
      marble: {
        shape: { type: 'sphere', radius: RADIUS },
        colors: [COLORS.red, COLORS.blue, COLORS.yellow, COLORS.green, COLORS.violet, COLORS.teal],
        stripe: COLORS.cream,
        roughness: 0.15,
      },
      ball: { shape: { type: 'sphere', radius: 1 }, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
    },
  },
  create: createMarbleRun,
  update: updateMarbleRun,
  ball: { radius: 0.25, density: 800, speed: 14 },
})
