import {
  AdditiveBlending,
  type Camera,
  HalfFloatType,
  type IUniform,
  LinearFilter,
  type Mesh,
  NoBlending,
  type Object3D,
  ShaderMaterial,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import { createFullscreenMesh, drawFullscreen } from './bake.ts'
import { COMPOSE_FRAGMENT, DOWN_FRAGMENT, UP_FRAGMENT } from './shaders/post.ts'
import { FULLSCREEN_VERTEX } from './shaders/sky.ts'

/** How often the picture is halved: the last level is what the widest glow is made of. */
const LEVELS = 6
/** Brightness at which glow begins, and how strong it is. */
export interface Glow {
  knee: number
  strength: number
}
const GLOW: Glow = { knee: 1.7, strength: 0.34 }
/** Wider levels count less. */
const SPREAD = 0.72
const SAMPLES = 4

/** Half-float picture, glow by a pyramid of halved pictures, tone mapping. */
export interface Post {
  /** what the scene is drawn into */
  readonly target: WebGLRenderTarget
  /** fits the pictures to a drawing buffer of `width` × `height` pixels */
  resize(width: number, height: number): void
  /** draws the scene with glow to the canvas */
  render(renderer: WebGLRenderer, scene: Object3D, camera: Camera): void
}

interface Chain {
  knee: number
  picture: WebGLRenderTarget
  levels: WebGLRenderTarget[]
  down: Mesh
  up: Mesh
  compose: Mesh
  uniforms: { down: Uniforms; up: Uniforms; compose: Uniforms }
}

type Uniforms = Record<string, IUniform>

/** True when this device can draw to half floats. */
export function canPost(renderer: WebGLRenderer): boolean {
  return renderer.extensions.has('EXT_color_buffer_float') || renderer.extensions.has('EXT_color_buffer_half_float')
}

export function createPost(glow: Glow = GLOW): Post {
  const chain = createChain(glow)
  return {
    target: chain.picture,
    resize: (width, height) => resizeChain(chain, width, height),
    render: (renderer, scene, camera) => renderChain(chain, renderer, scene, camera),
  }
}

function createChain(glow: Glow): Chain {
  const picture = new WebGLRenderTarget(1, 1, { type: HalfFloatType, samples: SAMPLES })
  const levels = Array.from({ length: LEVELS }, () => {
    return new WebGLRenderTarget(1, 1, { type: HalfFloatType, depthBuffer: false, magFilter: LinearFilter })
  })
  const down: Uniforms = { source: { value: null }, texel: { value: new Vector2() }, knee: { value: 0 } }
  const up: Uniforms = { source: { value: null }, texel: { value: new Vector2() }, weight: { value: SPREAD } }
  const compose: Uniforms = {
    picture: { value: picture.texture },
    glow: { value: levels[0].texture },
    strength: { value: glow.strength },
  }
  return {
    knee: glow.knee,
    picture,
    levels,
    down: createFullscreenMesh(material(DOWN_FRAGMENT, down, false)),
    up: createFullscreenMesh(material(UP_FRAGMENT, up, true)),
    compose: createFullscreenMesh(material(COMPOSE_FRAGMENT, compose, false)),
    uniforms: { down, up, compose },
  }
}

function material(fragment: string, uniforms: Uniforms, add: boolean): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: FULLSCREEN_VERTEX,
    fragmentShader: fragment,
    uniforms,
    depthTest: false,
    depthWrite: false,
    blending: add ? AdditiveBlending : NoBlending,
  })
}

function resizeChain(chain: Chain, width: number, height: number): void {
  chain.picture.setSize(width, height)
  for (const [i, level] of chain.levels.entries()) {
    level.setSize(Math.max(1, width >> (i + 1)), Math.max(1, height >> (i + 1)))
  }
}

function renderChain(chain: Chain, renderer: WebGLRenderer, scene: Object3D, camera: Camera): void {
  const { levels, uniforms } = chain
  renderer.setRenderTarget(chain.picture)
  renderer.render(scene, camera)
  renderer.autoClear = false
  for (let i = 0; i < LEVELS; i++) {
    setSource(uniforms.down, i === 0 ? chain.picture : levels[i - 1])
    uniforms.down.knee.value = i === 0 ? chain.knee : 0
    drawFullscreen(renderer, chain.down, levels[i])
  }
  for (let i = LEVELS - 1; i > 0; i--) {
    setSource(uniforms.up, levels[i])
    drawFullscreen(renderer, chain.up, levels[i - 1])
  }
  drawFullscreen(renderer, chain.compose, null)
  renderer.autoClear = true
}

function setSource(uniforms: Uniforms, source: WebGLRenderTarget): void {
  uniforms.source.value = source.texture
  uniforms.texel.value.set(1 / source.width, 1 / source.height)
}
