import {
  AdditiveBlending,
  HalfFloatType,
  type IUniform,
  LinearFilter,
  type Mesh,
  NoBlending,
  ShaderMaterial,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import { createFullscreenMesh, drawFullscreen } from '../../galactic-wars/view/bake.ts'
import { DOWN_FRAGMENT, UP_FRAGMENT } from '../../galactic-wars/view/shaders/post.ts'
import { FULLSCREEN_VERTEX } from '../../galactic-wars/view/shaders/sky.ts'
import { COMPOSE_FRAGMENT } from './shaders/compose.ts'

/** Brightness at which glow begins, and how strong it is; wider levels count less. */
const KNEE = 0.9
const STRENGTH = 0.42
const SPREAD = 0.8
const EXPOSURE = 1

type Uniforms = Record<string, IUniform>

/** A high-range picture, and what makes a glowing, tone-mapped one of it. */
export interface Post {
  /** what the scene is drawn into */
  readonly picture: WebGLRenderTarget
  readonly levels: readonly WebGLRenderTarget[]
  readonly down: Mesh
  readonly up: Mesh
  readonly compose: Mesh
  readonly uniforms: { readonly down: Uniforms; readonly up: Uniforms; readonly compose: Uniforms }
}

/** A target of half floats without depth: light only adds up. */
export function createLightTarget(): WebGLRenderTarget {
  return new WebGLRenderTarget(1, 1, { type: HalfFloatType, depthBuffer: false, magFilter: LinearFilter })
}

/** @param glowLevels how often the glow is halved */
export function createPost(glowLevels: number): Post {
  const picture = createLightTarget()
  const levels = Array.from({ length: glowLevels }, createLightTarget)
  const down: Uniforms = { source: { value: null }, texel: { value: new Vector2() }, knee: { value: 0 } }
  const up: Uniforms = { source: { value: null }, texel: { value: new Vector2() }, weight: { value: SPREAD } }
  const compose: Uniforms = {
    picture: { value: picture.texture },
    glow: { value: levels[0].texture },
    strength: { value: STRENGTH },
    exposure: { value: EXPOSURE },
  }
  return {
    picture,
    levels,
    down: createFullscreenMesh(createPass(DOWN_FRAGMENT, down, false)),
    up: createFullscreenMesh(createPass(UP_FRAGMENT, up, true)),
    compose: createFullscreenMesh(createPass(COMPOSE_FRAGMENT, compose, false)),
    uniforms: { down, up, compose },
  }
}

/** A material that covers the whole target. */
export function createPass(fragment: string, uniforms: Uniforms, add: boolean): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: FULLSCREEN_VERTEX,
    fragmentShader: fragment,
    uniforms,
    depthTest: false,
    depthWrite: false,
    blending: add ? AdditiveBlending : NoBlending,
  })
}

/** Fits the pictures to a drawing buffer of `width` × `height` pixels. */
export function resizePost({ picture, levels }: Post, width: number, height: number): void {
  picture.setSize(width, height)
  for (const [i, level] of levels.entries()) {
    level.setSize(Math.max(1, width >> (i + 1)), Math.max(1, height >> (i + 1)))
  }
}

/** Makes the canvas's picture of what was drawn into `post.picture`. */
export function finishPicture(post: Post, renderer: WebGLRenderer): void {
  const { levels, uniforms } = post
  for (let i = 0; i < levels.length; i++) {
    setSource(uniforms.down, i === 0 ? post.picture : levels[i - 1])
    uniforms.down.knee.value = i === 0 ? KNEE : 0
    drawFullscreen(renderer, post.down, levels[i])
  }
  for (let i = levels.length - 1; i > 0; i--) {
    setSource(uniforms.up, levels[i])
    drawFullscreen(renderer, post.up, levels[i - 1])
  }
  drawFullscreen(renderer, post.compose, null)
}

function setSource(uniforms: Uniforms, source: WebGLRenderTarget): void {
  uniforms.source.value = source.texture
  uniforms.texel.value.set(1 / source.width, 1 / source.height)
}
