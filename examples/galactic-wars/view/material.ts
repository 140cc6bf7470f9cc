import {
  AdditiveBlending,
  CustomBlending,
  type IUniform,
  NoBlending,
  OneFactor,
  OneMinusSrcAlphaFactor,
  ShaderMaterial,
  type Side,
} from 'three'
import type { Quality } from './quality.ts'
import type { Scenery } from './scenery.ts'

/** What every part of the view is made with. */
export interface ViewContext {
  quality: Quality
  scenery: Scenery
}

export interface MaterialParts {
  vertex: string
  fragment: string
  /** besides those of the scenery */
  uniforms?: Record<string, IUniform>
  defines?: Record<string, ''>
  /** `add`: light on top; `cover`: premultiplied colour over what is behind; default: opaque */
  blend?: 'add' | 'cover'
  side?: Side
}

/** A shader material that shares the uniforms of the scenery. Anything that is not opaque leaves the depth alone. */
export function createMaterial(context: ViewContext, parts: MaterialParts): ShaderMaterial {
  const { vertex, fragment, uniforms, defines, blend, side } = parts
  const material = new ShaderMaterial({
    vertexShader: vertex,
    fragmentShader: fragment,
    uniforms: { ...context.scenery, ...uniforms },
    defines: { ...defines },
    transparent: blend !== undefined,
    depthWrite: blend === undefined,
  })
  if (side !== undefined) material.side = side
  if (blend === undefined) material.blending = NoBlending
  else if (blend === 'add') material.blending = AdditiveBlending
  else {
    material.blending = CustomBlending
    material.blendSrc = OneFactor
    material.blendDst = OneMinusSrcAlphaFactor
  }
  return material
}

/** Preprocessor names for what the quality leaves out or draws in another way. */
export function qualityDefines({ points, detail }: Quality): Record<string, ''> {
  return { ...(points && { AS_POINTS: '' as const }), ...(detail && { DETAIL: '' as const, PLATES: '' as const }) }
}
