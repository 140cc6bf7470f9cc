import { isSoftwareRenderer } from '../../galactic-wars/view/quality.ts'

/** How much the view draws. The simulation is the same at both. */
export type QualityName = 'low' | 'high'

export interface Quality {
  readonly name: QualityName
  /** pixels of the drawing buffer per CSS pixel, at most */
  readonly maxPixelRatio: number
  /** pixels of the drawing buffer in all, at most */
  readonly maxPixels: number
  /** the picture of the gas is this many times smaller */
  readonly gasShrink: number
  /** every so many-th star has gas about it */
  readonly gasStride: number
  /** how often the glow is halved; 0: no glow */
  readonly glowLevels: number
  readonly skyWidth: number
  readonly farStars: number
}

const QUALITIES: Record<QualityName, Quality> = {
  low: {
    name: 'low',
    maxPixelRatio: 1,
    maxPixels: 640 * 360,
    gasShrink: 3,
    gasStride: 3,
    glowLevels: 3,
    skyWidth: 512,
    farStars: 500,
  },
  high: {
    name: 'high',
    maxPixelRatio: 2,
    maxPixels: 2560 * 1440,
    gasShrink: 2,
    gasStride: 1,
    glowLevels: 6,
    skyWidth: 2048,
    farStars: 2200,
  },
}

/** The quality asked for, or the one that suits the renderer. */
export function chooseQuality(asked: QualityName | 'auto', rendererName: string): Quality {
  return QUALITIES[asked === 'auto' ? (isSoftwareRenderer(rendererName) ? 'low' : 'high') : asked]
}
