import {
  BackSide,
  BufferAttribute,
  type BufferGeometry,
  DoubleSide,
  FrontSide,
  InstancedBufferGeometry,
  Mesh,
  RingGeometry,
  type ShaderMaterial,
  SphereGeometry,
} from 'three'
import { type Bake, createBake } from '../bake.ts'
import { createIcosphere } from '../geometry/icosphere.ts'
import { type Drawn, drawMesh, ORDER } from '../instance-set.ts'
import { createMaterial, qualityDefines, type ViewContext } from '../material.ts'
import { MOON_FRAGMENT, MOON_VERTEX } from '../shaders/moon.ts'
import {
  AIR_FRAGMENT,
  AIR_VERTEX,
  DUST_FRAGMENT,
  DUST_VERTEX,
  PLANET_BAKE_FRAGMENT,
  PLANET_FRAGMENT,
  PLANET_VERTEX,
} from '../shaders/planet.ts'

/** Turns of the planet a second: slow enough to be majestic, fast enough to be seen. */
const SPIN = 1 / 900
/** Radius of the shell of air in planet radii. */
const AIR_TOP = 1.08

export interface Planet {
  meshes: Mesh[]
  bake: Bake
  spin: { value: number }
}

/** The planet, the air over its limb, and the dust of its ring. They follow the scenery's uniform `planet`. */
export function createPlanet(context: ViewContext): Planet {
  const { quality, scenery } = context
  const bake = createBake(PLANET_BAKE_FRAGMENT, quality.cloudWidth, true)
  const spin = { value: 0 }
  const [across, down] = quality.points ? [64, 40] : [160, 100]
  const ball = createMaterial(context, {
    vertex: PLANET_VERTEX,
    fragment: PLANET_FRAGMENT,
    uniforms: { clouds: { value: bake.target.texture }, spin },
    defines: qualityDefines(quality),
  })
  const air = createMaterial(context, {
    vertex: AIR_VERTEX,
    fragment: AIR_FRAGMENT,
    uniforms: { top: { value: AIR_TOP } },
    blend: 'add',
    side: BackSide,
  })
  const dust = createMaterial(context, {
    vertex: DUST_VERTEX,
    fragment: DUST_FRAGMENT,
    blend: 'cover',
    side: DoubleSide,
  })
  const { x: inner, y: outer } = scenery.ring.value
  const disc = new RingGeometry(inner - 60, outer + 60, 128, 1).rotateX(-Math.PI / 2)
  const meshes = [
    place(new SphereGeometry(1, across, down), ball, ORDER.solid),
    place(new SphereGeometry(1, across, down), air, ORDER.air),
    place(disc, dust, ORDER.dust),
  ]
  return { meshes, bake, spin }
}

/** @param seconds since the start of the game */
export function spinPlanet(planet: Planet, seconds: number): void {
  planet.spin.value = (seconds * SPIN) % 1
}

function place(geometry: BufferGeometry, material: ShaderMaterial, order: number): Mesh {
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.matrixAutoUpdate = false
  mesh.renderOrder = order
  return mesh
}

/** The moons: cratered balls, instances of one group. */
export function createMoons(context: ViewContext, group: string): Drawn[] {
  const { positions, indices } = createIcosphere(context.quality.points ? 3 : 5)
  const geometry = new InstancedBufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  geometry.setIndex(new BufferAttribute(indices, 1))
  const material = createMaterial(context, {
    vertex: MOON_VERTEX,
    fragment: MOON_FRAGMENT,
    defines: qualityDefines(context.quality),
    side: FrontSide,
  })
  return [drawMesh(group, geometry, material)]
}
