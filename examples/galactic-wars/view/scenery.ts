import { type IUniform, type Vector2, Vector3, Vector4 } from 'three'
import { FLASH_COUNT } from './shaders/light.ts'

/** Uniforms that all materials share: one object each, changed in place once a frame. */
export interface Scenery {
  [name: string]: IUniform
  sun: IUniform<Vector3>
  sunColor: IUniform<Vector3>
  planet: IUniform<Vector4>
  planetGlow: IUniform<Vector3>
  starlight: IUniform<Vector3>
  flashes: IUniform<Vector4[]>
  flashColors: IUniform<Vector3[]>
  ring: IUniform<Vector4>
  pixels: IUniform<number>
  density: IUniform<number>
  time: IUniform<number>
  /** the camera in the world: node matrices are not relative to it */
  eye: IUniform<Vector3>
}

/** The ring of rocks, for the dust in it. Metres. */
export interface RingShape {
  inner: number
  outer: number
  gap: number
  gapHalfWidth: number
}

/** Low over the left edge of the opening shot, a little behind the camera. */
const SUN = new Vector3(-0.83, 0.25, 0.42).normalize()

/** Light and measures of the scene. Light is linear; 1 is white paint in full sun before the exposure. */
export function createScenery(planetRadius: number, ring: RingShape): Scenery {
  const vectors = <T>(make: () => T): T[] => Array.from({ length: FLASH_COUNT }, make)
  return {
    sun: { value: SUN.clone() },
    sunColor: { value: new Vector3(2.75, 2.42, 1.98) },
    planet: { value: new Vector4(0, 0, 0, planetRadius) },
    planetGlow: { value: new Vector3(0.62, 0.6, 0.58) },
    starlight: { value: new Vector3(0.03, 0.036, 0.052) },
    flashes: { value: vectors(() => new Vector4(0, 0, 0, 1)) },
    flashColors: { value: vectors(() => new Vector3()) },
    ring: { value: new Vector4(ring.inner, ring.outer, ring.gap, ring.gapHalfWidth) },
    pixels: { value: 1 },
    density: { value: 1 },
    time: { value: 0 },
    eye: { value: new Vector3() },
  }
}

/** Pixels of the target that one metre covers one metre away, for sizes in the shaders. */
export function measurePixels(scenery: Scenery, size: Vector2, fovDegrees: number, density: number): void {
  scenery.pixels.value = size.y / (2 * Math.tan((fovDegrees * Math.PI) / 360))
  scenery.density.value = density
}
