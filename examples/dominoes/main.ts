/** A domino run: three spirals of together 330 dominoes. */
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { createDominoes, DOMINO, updateDominoes } from './scene.ts'

await play({
  look: {
    title: 'Dominoes',
    eye: [0, 12.5, 14.5],
    target: [0, 0, 0.6],
    reach: 11,
    ground: '#8f7f6d',
    groups: {
      domino: {
        shape: DOMINO,
        colors: [
          ...['#ffd9cf', '#f8a68e', '#ee7d5c', '#e4572e', '#b93a15'],
          ...['#fff1cc', '#fbdc8f', '#f7c65c', '#f2a541', '#c97d14'],
          ...['#d3f0ef', '#92d5d4', '#54babb', '#2a9d9f', '#14707a'],
        ],
        roughness: 0.35,
      },
      ball: { shape: { type: 'sphere', radius: 1 }, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
    },
  },
  create: createDominoes,
  update: updateDominoes,
  ball: { radius: 0.3, density: 600, speed: 14 },
})
