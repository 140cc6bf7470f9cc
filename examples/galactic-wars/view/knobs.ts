import { oneOf, wholeNumber } from '../../view/query.ts'
import type { QualityName } from './quality.ts'

/** Where the camera begins. */
export type CameraName = 'opening' | 'orbit' | 'fly' | 'fight' | 'ship'

/** What the address of the page can set. */
export interface Knobs {
  ships: number
  asteroids: number
  projectiles: number
  particles: number
  seed: number
  threads: 'auto' | number
  tier: 'auto' | 'threads' | 'simd' | 'js'
  mutual: boolean
  quality: QualityName | 'auto'
  hud: boolean
  camera: CameraName
  /** x, y, z of the camera and of the point it looks at, metres: `camera=0,90,1500,0,60,0` */
  pose: number[] | null
  /** presented frames after which the loop pauses; 0: never */
  frames: number
}

const CAMERAS: readonly CameraName[] = ['opening', 'orbit', 'fly', 'fight', 'ship']
const TIERS = ['auto', 'threads', 'simd', 'js'] as const
const QUALITIES = ['auto', 'points', 'low', 'high'] as const

/** Reads the knobs; whatever cannot be read keeps its default. */
export function readKnobs(search: string): Knobs {
  const query = new URLSearchParams(search)
  const camera = query.get('camera') ?? ''
  return {
    ships: wholeNumber(query, 'ships', 500, 5000),
    asteroids: wholeNumber(query, 'asteroids', 25_000, 200_000),
    projectiles: wholeNumber(query, 'projectiles', 15_000, 200_000),
    particles: wholeNumber(query, 'particles', 50_000, 500_000),
    seed: wholeNumber(query, 'seed', 1, 0x7fffffff),
    threads: query.has('threads') && query.get('threads') !== 'auto' ? wholeNumber(query, 'threads', 1, 64) : 'auto',
    tier: oneOf(query.get('tier'), TIERS),
    mutual: query.get('mutual') === '1',
    quality: oneOf(query.get('quality'), QUALITIES),
    hud: query.get('hud') !== '0',
    camera: oneOf(camera, CAMERAS),
    pose: readPose(camera),
    frames: wholeNumber(query, 'frames', 0, 1_000_000),
  }
}

function readPose(text: string): number[] | null {
  const numbers = text.split(',').map(Number)
  return numbers.length === 6 && numbers.every(Number.isFinite) ? numbers : null
}
