import { BackSide, BufferAttribute, BufferGeometry, Mesh, Points, SphereGeometry } from 'three'
import { type Bake, createBake } from '../bake.ts'
import { ORDER } from '../instance-set.ts'
import { createMaterial, type ViewContext } from '../material.ts'
import { NEBULA_BAKE_FRAGMENT, SKY_FRAGMENT, SKY_VERTEX, STAR_FRAGMENT, STAR_VERTEX } from '../shaders/sky.ts'

export interface Sky {
  objects: (Mesh | Points)[]
  bake: Bake
}

/** Pole of the band of haze, as in the nebula shader: stars crowd along it. */
const POLE = [0.42, 0.8, 0.36].map((v) => v / Math.hypot(0.42, 0.8, 0.36))

/** Star field, nebula and the sun's disc, all at infinity. Drawn after the solids, so that only free pixels are filled. */
export function createSky(context: ViewContext): Sky {
  const { quality } = context
  const bake = createBake(NEBULA_BAKE_FRAGMENT, quality.nebulaWidth, false)
  const backdrop = createMaterial(context, {
    vertex: SKY_VERTEX,
    fragment: SKY_FRAGMENT,
    uniforms: { nebula: { value: bake.target.texture } },
    side: BackSide,
  })
  backdrop.depthWrite = false
  const stars = createMaterial(context, { vertex: STAR_VERTEX, fragment: STAR_FRAGMENT, blend: 'add' })
  const objects = [
    new Mesh(new SphereGeometry(10, 48, 24), backdrop),
    new Points(createStarGeometry(quality.stars), stars),
  ]
  for (const object of objects) {
    object.frustumCulled = false
    object.matrixAutoUpdate = false
    object.renderOrder = ORDER.sky
  }
  return { objects, bake }
}

/** Small generator of its own: the sky is the same on every visit. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function createStarGeometry(count: number): BufferGeometry {
  const random = createRandom(20)
  const positions = new Float32Array(count * 3)
  const stars = new Float32Array(count * 4)
  for (let i = 0; i < count; i++) {
    placeStar(random, positions, i * 3)
    colorStar(random, stars, i * 4)
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  geometry.setAttribute('star', new BufferAttribute(stars, 4))
  return geometry
}

function placeStar(random: () => number, out: Float32Array, at: number): void {
  for (;;) {
    const y = 2 * random() - 1
    const angle = 2 * Math.PI * random()
    const flat = Math.sqrt(1 - y * y)
    const [x, z] = [flat * Math.cos(angle), flat * Math.sin(angle)]
    const off = x * POLE[0] + y * POLE[1] + z * POLE[2]
    if (random() > 0.3 + 0.7 * Math.exp(-off * off * 14)) continue
    out[at] = x
    out[at + 1] = y
    out[at + 2] = z
    return
  }
}

/** Most stars are faint, a few are bright; hot ones are blue, cool ones orange. */
function colorStar(random: () => number, out: Float32Array, at: number): void {
  const heat = random()
  const brightness = Math.min(3, 0.13 / (random() ** 0.75 + 0.012))
  out[at] = heat < 0.25 ? 1 : 0.82 + 0.1 * (1 - heat)
  out[at + 1] = heat < 0.25 ? 0.78 + 0.6 * heat : 0.9
  out[at + 2] = heat < 0.25 ? 0.55 + 1.2 * heat : 1
  out[at + 3] = brightness
}
