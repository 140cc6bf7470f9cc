import { oneOf, wholeNumber } from '../../view/query.ts'
import type { MergerOptions } from '../sim/index.ts'
import { DEFAULT_COUNT } from '../sim/index.ts'
import type { QualityName } from './quality.ts'

/** What the address of the page can set. */
export interface Knobs extends MergerOptions {
  quality: QualityName | 'auto'
  hud: boolean
  /** the dark halo is shown from the start */
  halo: boolean
  /** steps that are done before the first picture */
  skip: number
}

const TIERS = ['auto', 'threads', 'simd', 'js'] as const
const METHODS = ['auto', 'direct', 'tree'] as const
const QUALITIES = ['auto', 'low', 'high'] as const

/** Reads the knobs; whatever cannot be read keeps its default. */
export function readKnobs(search: string): Knobs {
  const query = new URLSearchParams(search)
  const theta = Number(query.get('theta'))
  return {
    count: Math.max(200, wholeNumber(query, 'count', DEFAULT_COUNT, 400_000)),
    seed: wholeNumber(query, 'seed', 1, 0x3fff_ffff),
    theta: theta >= 0.1 && theta <= 1 ? theta : undefined,
    method: oneOf(query.get('method'), METHODS),
    threads: query.has('threads') ? wholeNumber(query, 'threads', 0, 32) || 'auto' : 'auto',
    tier: oneOf(query.get('tier'), TIERS),
    quality: oneOf(query.get('quality'), QUALITIES),
    hud: query.get('hud') !== '0',
    halo: query.get('halo') === '1',
    skip: wholeNumber(query, 'skip', 0, 100_000),
  }
}
