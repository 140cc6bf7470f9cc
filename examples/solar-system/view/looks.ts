import {
  AdditiveBlending,
  BackSide,
  BoxGeometry,
  BufferAttribute,
  type BufferGeometry,
  ConeGeometry,
  CylinderGeometry,
  DoubleSide,
  IcosahedronGeometry,
  type IUniform,
  PlaneGeometry,
  RingGeometry,
  ShaderMaterial,
  SphereGeometry,
  TorusGeometry,
  Vector3,
  Vector4,
} from 'three'
import { createRockGeometry } from '../../galactic-wars/view/geometry/rock.ts'
import type { NodeLook } from '../../view/nodes.ts'
import { PLANETS } from '../plan.ts'
import { KINDS, type Kind } from '../system.ts'
import {
  AIR_FRAGMENT,
  BALL_VERTEX,
  CORONA_FRAGMENT,
  CORONA_VERTEX,
  DISC_FRAGMENT,
  MOON_FRAGMENT,
  PLANET_FRAGMENT,
  SUN_FRAGMENT,
} from './planet.ts'
import {
  HULL_FRAGMENT,
  LAMP_FRAGMENT,
  SHUTTLE_FRAGMENT,
  SMALL_VERTEX,
  STONE_FRAGMENT,
  WHEEL_FRAGMENT,
} from './small.ts'

/** What all shaders share; changed in place once a frame. */
export interface Uniforms {
  [name: string]: IUniform
  planets: IUniform<Vector4[]>
  rings: IUniform<Vector4[]>
  pixel: IUniform<number>
  time: IUniform<number>
}

/** Colours of the air; black is none. */
const AIRS = [
  [0, 0, 0],
  [1.0, 0.74, 0.34],
  [0.24, 0.52, 1.0],
  [0.62, 0.34, 0.2],
  [0.72, 0.58, 0.42],
  [0.86, 0.74, 0.5],
  [0.34, 0.78, 0.8],
  [0.2, 0.42, 1.0],
] as const
const THINNEST = { rock: 0.5, ice: 0.4, lamp: 0.9, shuttle: 1.1, other: 0.3 }

/** Uniforms of the plan. */
export function createUniforms(): Uniforms {
  return {
    planets: { value: PLANETS.map(({ radius }) => new Vector4(0, 0, 0, radius)) },
    rings: { value: PLANETS.map(({ ring }) => new Vector4(0, 1, 0, ring?.inner ?? 0)) },
    reaches: { value: PLANETS.map(({ ring }) => ring?.outer ?? 1) },
    airs: { value: AIRS.map((air) => new Vector3(...air)) },
    pixel: { value: 0.001 },
    time: { value: 0 },
  }
}

/** How each kind is drawn. */
export function createLooks(uniforms: Uniforms): (NodeLook | undefined)[] {
  const material = (vertexShader: string, fragmentShader: string, more: Partial<ShaderMaterial> = {}, own = {}) => {
    const { defines, ...rest } = more
    return new ShaderMaterial({
      vertexShader,
      fragmentShader,
      uniforms: { ...uniforms, ...own },
      defines: defines ?? {},
      ...rest,
    })
  }
  const small = (fragment: string, thinnest: number, tone = [0, 0, 0]): ShaderMaterial =>
    material(
      SMALL_VERTEX,
      fragment,
      { defines: { THINNEST: thinnest.toFixed(2) } },
      { tone: { value: new Vector3(...tone) } },
    )
  const light = { blending: AdditiveBlending, transparent: true, depthWrite: false }
  const ball = new SphereGeometry(1, 96, 64)
  const looks: Partial<Record<Kind, NodeLook>> = {
    sun: { geometry: ball, material: material(BALL_VERTEX, SUN_FRAGMENT) },
    corona: { geometry: new PlaneGeometry(2, 2), material: material(CORONA_VERTEX, CORONA_FRAGMENT, light), order: 40 },
    planet: { geometry: ball, material: material(BALL_VERTEX, PLANET_FRAGMENT) },
    air: { geometry: ball, material: material(BALL_VERTEX, AIR_FRAGMENT, { ...light, side: BackSide }), order: 30 },
    disc: {
      geometry: createDisc(),
      material: material(BALL_VERTEX, DISC_FRAGMENT, { transparent: true, depthWrite: false, side: DoubleSide }),
      order: 20,
    },
    moon: { geometry: new SphereGeometry(1, 48, 32), material: small(MOON_FRAGMENT, 0.8) },
    rock: { geometry: createRockGeometry(1, 1), material: small(STONE_FRAGMENT, THINNEST.rock, [0.3, 0.24, 0.18]) },
    ice: { geometry: new IcosahedronGeometry(1, 0), material: small(STONE_FRAGMENT, THINNEST.ice, [0.62, 0.58, 0.5]) },
    hub: { geometry: new CylinderGeometry(1, 1, 2, 20), material: small(HULL_FRAGMENT, THINNEST.other) },
    hull: { geometry: new BoxGeometry(2, 2, 2), material: small(HULL_FRAGMENT, THINNEST.other) },
    wheel: { geometry: createWheel(), material: small(WHEEL_FRAGMENT, THINNEST.other) },
    lamp: { geometry: new IcosahedronGeometry(1, 1), material: small(LAMP_FRAGMENT, THINNEST.lamp) },
    shuttle: { geometry: createDart(), material: small(SHUTTLE_FRAGMENT, THINNEST.shuttle) },
  }
  return KINDS.map((kind) => looks[kind])
}

/** A flat ring of the outer radius 1, wide enough for every planet's: the shader cuts the inner edge. */
function createDisc(): BufferGeometry {
  const narrowest = Math.min(...PLANETS.map(({ ring }) => (ring ? ring.inner / ring.outer : 1)))
  return new RingGeometry(narrowest, 1, 192, 1).rotateX(-Math.PI / 2)
}

/** A tyre about y, flattened. */
function createWheel(): BufferGeometry {
  return new TorusGeometry(1, 0.13, 12, 72).rotateX(Math.PI / 2)
}

/** A dart whose nose is +z. */
function createDart(): BufferGeometry {
  const dart = new ConeGeometry(0.32, 2, 6).rotateX(Math.PI / 2)
  const flat = dart.toNonIndexed()
  flat.computeVertexNormals()
  flat.setIndex(
    new BufferAttribute(
      Uint16Array.from({ length: flat.attributes.position!.count }, (_, i) => i),
      1,
    ),
  )
  return flat
}
