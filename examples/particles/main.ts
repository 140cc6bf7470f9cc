/** Fireworks with stars that crackle when they die, smoke in a swirling wind, and sparks that bounce on bodies. */
import { Color, PointLight, type Texture } from 'three'
import { COLORS } from '../view/palette.ts'
import { play } from '../view/play.ts'
import { createDot, createPuff, createSprites, type Sprites, updateSprites } from '../view/sprites.ts'
import type { View } from '../view/view.ts'
import { BOWLS } from './fires.ts'
import { FLOWERS } from './fireworks.ts'
import { BOWL, CRATE, createShow, ORB, type Show, updateShow } from './scene.ts'
import { SPRAYS } from './sparks.ts'

let sprites: Sprites[] = []
let textures: { dot: Texture; puff: Texture }
const fires: PointLight[] = []
const flashes: PointLight[] = []

/** Lights of the fires, the sparks, and of one rocket of each kind. */
function addLights({ scene }: View): void {
  textures = { dot: createDot(), puff: createPuff() }
  for (const [x, y, z] of BOWLS) {
    const light = new PointLight('#ff8a3c', 60, 40)
    light.position.set(x, y + 2.6, z + 0.4)
    fires.push(light)
  }
  for (const { position } of SPRAYS) {
    const light = new PointLight('#ffb26a', 26, 16)
    light.position.set(position[0] * 0.6, position[1], position[2])
    fires.push(light)
  }
  for (const { flash } of FLOWERS) flashes.push(new PointLight(new Color(flash), 0, 120, 1.4))
  scene.add(...fires, ...flashes)
}

/** Draws what is not a body: the systems, and their light. */
function follow(show: Show, view: View): void {
  updateSprites(sprites, show.physics, view.direct)
  for (const [i, fire] of fires.entries()) {
    const flicker = Math.sin(show.time * 13 + 2 * i) + Math.sin(show.time * 7.3 + i)
    fire.intensity = (i < BOWLS.length ? 60 : 26) * (1 + 0.12 * flicker)
  }
  for (const { flower, place, left } of show.flashes) {
    flashes[flower]!.position.set(...place)
    flashes[flower]!.intensity = 420 * left * left
  }
}

await play<Show>({
  look: {
    title: 'Particles',
    eye: [4, 3.4, 22],
    target: [0, 7.4, 0],
    reach: 26,
    dark: true,
    ground: '#77736c',
    sky: '#04060c',
    horizon: '#0b1020',
    light: 0.09,
    glow: { knee: 1.4, strength: 0.5 },
    groups: {
      crate: { shape: CRATE, colors: [COLORS.wood, '#8f6540', '#75522f'], roughness: 0.8 },
      orb: {
        shape: ORB,
        colors: [COLORS.steel, COLORS.teal, COLORS.red, COLORS.iron],
        roughness: 0.25,
        metalness: 0.6,
      },
      bowl: { shape: BOWL, colors: ['#3a3d44'], roughness: 0.6, metalness: 0.4 },
      ball: { shape: ORB, colors: [COLORS.iron], stripe: COLORS.yellow, roughness: 0.35 },
    },
  },
  create: createShow,
  update: updateShow,
  dress: addLights,
  show({ systems }, { scene }) {
    for (const { mesh } of sprites) scene.remove(mesh)
    sprites = systems.map(({ id, effect: { blend, sprite, bright, desc } }) => {
      const made = createSprites(scene, { blend, texture: textures[sprite], max: desc.max, bright })
      made.system = id
      return made
    })
  },
  follow,
})
