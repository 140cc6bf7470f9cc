import { AdditiveBlending, BufferAttribute, BufferGeometry, Points, ShaderMaterial } from 'three'
import { between, createRandom, type Random, randomDirection } from '../../scenes/random.ts'
import { FAR_STAR_VERTEX } from './shaders/sky.ts'
import { STAR_FRAGMENT } from './shaders/stars.ts'
import type { Measures } from './view.ts'

/** Points at infinity: the same on every visit. */
export function createFarStars(count: number, measures: Measures): Points {
  const random = createRandom(77)
  const positions = new Float32Array(count * 3)
  const stars = new Float32Array(count * 4)
  const direction: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    positions.set(randomDirection(random, direction), i * 3)
    stars.set(farStar(random), i * 4)
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  geometry.setAttribute('star', new BufferAttribute(stars, 4))
  const material = new ShaderMaterial({
    vertexShader: FAR_STAR_VERTEX,
    fragmentShader: STAR_FRAGMENT,
    uniforms: { density: measures.density },
    blending: AdditiveBlending,
    depthTest: false,
    depthWrite: false,
  })
  const points = new Points(geometry, material)
  points.frustumCulled = false
  points.matrixAutoUpdate = false
  return points
}

/** Most are faint, a few bright; some orange, some blue. */
function farStar(random: Random): number[] {
  const warmth = between(random, -0.22, 0.22)
  return [0.85 + warmth, 0.85, 0.9 - warmth, Math.min(2.2, 0.035 / (random() + 0.012))]
}
