/** Ragdolls: eleven parts each, held by ball joints and hinges with limits. */
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { createRagdolls, PARTS, STEP, updateRagdolls } from './scene.ts'

const clothes = [COLORS.red, COLORS.blue, COLORS.green, COLORS.amber, COLORS.violet, COLORS.teal]

await play({
  look: {
    title: 'Ragdolls',
    eye: [7, 5.2, 9.8],
    target: [-2.6, 1.9, 0.2],
    reach: 13,
    groups: {
      head: { shape: PARTS.head, colors: ['#e8b48c', '#c98d63', '#8d5f42'] },
      chest: { shape: PARTS.chest, colors: clothes },
      pelvis: { shape: PARTS.pelvis, colors: [COLORS.iron] },
      arm: { shape: PARTS.arm, colors: clothes },
      leg: { shape: PARTS.leg, colors: ['#4c5868', '#596b86', '#3d4550'] },
      step: { shape: STEP, colors: ['#d8d0c2', '#cbc2b2'], roughness: 0.9 },
      ball: { shape: { type: 'sphere', radius: 1 }, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
    },
  },
  create: createRagdolls,
  update: updateRagdolls,
  ball: { density: 400, speed: 18 },
})
