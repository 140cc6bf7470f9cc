import type { Instances, Physics } from 'manybody'
import {
  AdditiveBlending,
  CustomBlending,
  DataTexture,
  DynamicDrawUsage,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  PlaneGeometry,
  RGBAFormat,
  type Scene,
  ShaderMaterial,
  type Texture,
  UnsignedByteType,
} from 'three'
import { fractalNoise } from '../galactic-wars/view/geometry/noise.ts'

/** How a particle system is drawn: one draw call. */
export interface SpriteLook {
  /** `add`: light; `cover`: smoke, in front of what is behind it. */
  blend: 'add' | 'cover'
  texture: Texture
  /** Particles that the system has at most. */
  max: number
  /** Factor of the brightness. Default 1. */
  bright?: number
}

/** A system that is drawn, and the GPU's copy of its particles. */
export interface Sprites {
  readonly mesh: Mesh<InstancedBufferGeometry>
  readonly buffer: InstancedInterleavedBuffer
  readonly max: number
  /** The system's id. */
  system: number
}

const STRIDE = 8

const VERTEX = /* glsl */ `
attribute vec4 pose; // x, y, z, size
attribute vec4 tone; // red, green, blue, alpha
uniform float thinnest; // of what the picture is high, at a distance of 1
varying vec2 vUv;
varying vec4 vTone;
void main() {
  vUv = uv;
  vec4 centre = viewMatrix * vec4(pose.xyz, 1.0);
  // What is thinner than a pixel is drawn as wide as one, and fainter.
  float size = max(pose.w, thinnest * -centre.z);
  vTone = vec4(tone.rgb, tone.a * (pose.w * pose.w) / (size * size));
  gl_Position = projectionMatrix * (centre + vec4(position.xy * size, 0.0, 0.0));
}
`
const FRAGMENT = /* glsl */ `
uniform sampler2D sprite;
uniform float bright;
varying vec2 vUv;
varying vec4 vTone;
void main() {
  vec4 texel = texture2D(sprite, vUv);
  float alpha = texel.a * vTone.a;
  gl_FragColor = vec4(texel.rgb * vTone.rgb * (alpha * bright), COVER * alpha);
}
`

/** Makes the draw call of a system and adds it to the scene. */
export function createSprites(scene: Scene, { blend, texture, max, bright = 1 }: SpriteLook): Sprites {
  const quad = new PlaneGeometry(2, 2)
  const geometry = new InstancedBufferGeometry()
  geometry.setIndex(quad.index)
  for (const name of ['position', 'uv']) geometry.setAttribute(name, quad.getAttribute(name))
  const buffer = new InstancedInterleavedBuffer(new Float32Array(max * STRIDE), STRIDE)
  buffer.setUsage(DynamicDrawUsage)
  for (const [i, name] of ['pose', 'tone'].entries()) {
    geometry.setAttribute(name, new InterleavedBufferAttribute(buffer, 4, 4 * i))
  }
  const material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { sprite: { value: texture }, bright: { value: bright }, thinnest: { value: 0.0008 } },
    defines: { COVER: blend === 'cover' ? '1.0' : '0.0' },
    transparent: true,
    depthWrite: false,
    ...(blend === 'add'
      ? { blending: AdditiveBlending, premultipliedAlpha: true }
      : { blending: CustomBlending, blendSrc: OneFactor, blendDst: OneMinusSrcAlphaFactor }),
  })
  const mesh = new Mesh(geometry, material)
  mesh.frustumCulled = false
  mesh.matrixAutoUpdate = false
  mesh.renderOrder = blend === 'add' ? 20 : 10
  scene.add(mesh)
  return { mesh, buffer, max, system: 0 }
}

/** Sends the particles of each system to the GPU at the next draw, straight from the kernel's memory where WebGL takes it. */
export function updateSprites(all: readonly Sprites[], { instances }: Physics, direct: boolean): void {
  for (const sprites of all) update(sprites, instances, direct)
}

function update({ mesh, buffer, max, system }: Sprites, { systems, particles }: Instances, direct: boolean): void {
  const range = systems[system]
  const count = Math.min(range?.count ?? 0, max)
  mesh.visible = count > 0
  if (!range || count === 0) return
  mesh.geometry.instanceCount = count
  // As many as the system may have, for a buffer keeps its size: the pool is at least as large as all systems together.
  const view = particles.data.subarray(range.start * STRIDE, (range.start + max) * STRIDE)
  if (direct && view.length === max * STRIDE) buffer.array = view as Float32Array<ArrayBuffer>
  else buffer.array.set(view.subarray(0, count * STRIDE))
  buffer.clearUpdateRanges()
  buffer.addUpdateRange(0, count * STRIDE)
  buffer.needsUpdate = true
}

/** A soft dot: bright in its middle. */
export function createDot(): Texture {
  return createTexture((x, y) => {
    const r = Math.min(1, Math.hypot(x, y))
    const glow = (1 - r) ** 2 * (0.35 + 0.65 * Math.exp(-9 * r * r))
    return [1, glow]
  })
}

/** A puff of smoke: ragged, with light and dark in it. */
export function createPuff(): Texture {
  return createTexture((x, y) => {
    const ragged = fractalNoise(2.2 * x + 9, 2.2 * y, 3, 4)
    const body = Math.max(0, 1 - Math.hypot(x, y) - 0.55 * (0.62 - ragged))
    const shade = 0.72 + 0.5 * (fractalNoise(3 * x, 3 * y + 5, 1, 4) - 0.5) + 0.14 * y
    return [shade, Math.min(1, 1.25 * body ** 1.35) * Math.max(0, 1 - Math.hypot(x, y) ** 6)]
  })
}

const WIDTH = 128

/** @param shade brightness and alpha at a point of the square from −1 to 1 */
function createTexture(shade: (x: number, y: number) => readonly [number, number]): Texture {
  const data = new Uint8Array(WIDTH * WIDTH * 4)
  for (let i = 0; i < WIDTH * WIDTH; i++) {
    const [light, alpha] = shade((2 * (i % WIDTH) + 1) / WIDTH - 1, (2 * Math.floor(i / WIDTH) + 1) / WIDTH - 1)
    data.fill(Math.round(255 * Math.min(1, light)), 4 * i, 4 * i + 3)
    data[4 * i + 3] = Math.round(255 * alpha)
  }
  const texture = new DataTexture(data, WIDTH, WIDTH, RGBAFormat, UnsignedByteType)
  texture.magFilter = LinearFilter
  texture.minFilter = LinearMipmapLinearFilter
  texture.generateMipmaps = true
  texture.needsUpdate = true
  return texture
}
