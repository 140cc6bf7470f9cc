/** How much the view draws. The simulation is the same at all of them. */
export type QualityName = 'points' | 'low' | 'high'

/** A part of a rock block, drawn with one geometry. Blocks hold the largest rocks first. */
export interface RockLevel {
  /** subdivisions of the geometry */
  detail: number
  first: number
  /** one past the last instance */
  end: number
  /** radius in pixels from which this level draws */
  from: number
  /** radius in pixels from which the finer level draws instead, for instances that have one */
  to: number
  /** how many instances, counted from the start of the block, have a finer level */
  fine: number
}

export interface Quality {
  name: QualityName
  /** pixels of the drawing buffer per CSS pixel, at most */
  maxPixelRatio: number
  /** pixels of the drawing buffer in all, at most */
  maxPixels: number
  /** half-float picture, glow, multisampling */
  post: boolean
  /** everything far or small as points rather than quads and meshes */
  points: boolean
  /** fine grain in the fragment shaders */
  detail: boolean
  rocks: RockLevel[]
  /** radius in pixels below which a rock is an impostor */
  impostorBelow: number
  /** subdivisions of a fighter's shield */
  shieldDetail: number
  stars: number
  nebulaWidth: number
  cloudWidth: number
}

const END = Number.POSITIVE_INFINITY

const QUALITIES: Record<QualityName, Quality> = {
  points: {
    name: 'points',
    maxPixelRatio: 1,
    maxPixels: 640 * 360,
    post: false,
    points: true,
    detail: false,
    rocks: [],
    impostorBelow: END,
    shieldDetail: 0,
    stars: 900,
    nebulaWidth: 128,
    cloudWidth: 320,
  },
  low: {
    name: 'low',
    maxPixelRatio: 1.25,
    maxPixels: 1600 * 900,
    post: false,
    points: false,
    detail: false,
    rocks: [
      { detail: 2, first: 0, end: 256, from: 5, to: END, fine: 0 },
      { detail: 1, first: 256, end: END, from: 5, to: END, fine: 0 },
    ],
    impostorBelow: 5,
    shieldDetail: 1,
    stars: 3000,
    nebulaWidth: 512,
    cloudWidth: 1024,
  },
  high: {
    name: 'high',
    maxPixelRatio: 2,
    maxPixels: 2560 * 1600,
    post: true,
    points: false,
    detail: true,
    rocks: [
      { detail: 4, first: 0, end: 64, from: 32, to: END, fine: 0 },
      { detail: 2, first: 0, end: 1200, from: 4, to: 32, fine: 64 },
      { detail: 1, first: 1200, end: END, from: 4, to: END, fine: 0 },
    ],
    impostorBelow: 4,
    shieldDetail: 2,
    stars: 6500,
    nebulaWidth: 1024,
    cloudWidth: 2048,
  },
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** True for renderers that draw on the processor. */
export function isSoftwareRenderer(name: string): boolean {
  return SOFTWARE.test(name)
}

/** The quality asked for, or the one that suits the renderer. */
export function chooseQuality(asked: QualityName | 'auto', rendererName: string): Quality {
  if (asked !== 'auto') return QUALITIES[asked]
  return QUALITIES[isSoftwareRenderer(rendererName) ? 'points' : 'high']
}

/** The graphics device as the driver names it. */
export function readRendererName(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
}
