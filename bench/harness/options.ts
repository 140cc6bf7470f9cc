import { parseArgs } from 'node:util'

export const TIERS = ['threads', 'simd', 'js'] as const
export type Tier = (typeof TIERS)[number]

/** Options of `npm run bench`, all validated. */
export interface BenchOptions {
  /** Benches in the order they run. */
  names: string[]
  /** File the JSON report goes to. */
  json?: string
  /** File the picture of the report goes to (SVG). */
  plot?: string
  /** Threads, the calling one included; each bench has its own default. */
  threads?: number
  tier?: Tier
  /** Measured frames; each bench has its own default. */
  frames?: number
  /** Few frames and small sizes: whether a bench works, not how fast it is. */
  quick: boolean
  /** Part of a scene's name: benches with several scenes run those that have it. */
  scene?: string
  /** The asteroids of the space battle attract one another. */
  mutual: boolean
  seed: number
  help: boolean
}

export const USAGE = `npm run bench -- NAME… [--json FILE] [--plot FILE] [--threads N] [--tier T] [--frames N] [--seed N] [--scene TEXT] [--quick] [--mutual]
no name runs all; --tier is one of ${TIERS.join(', ')}; --scene: of peers, those whose name has it; --quick: few frames, small sizes; --mutual: the asteroids of galactic attract`

/** Frames of a quick run where none are asked for. */
const QUICK_FRAMES = 30

/**
 * Reads the command line.
 *
 * @param known names of the benches; all of them when the command line names none
 * @throws Error with a sentence for the user on an unknown name, an unknown option or a value out of range
 */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      plot: { type: 'string' },
      threads: { type: 'string' },
      tier: { type: 'string' },
      frames: { type: 'string' },
      seed: { type: 'string', default: '1' },
      scene: { type: 'string' },
      quick: { type: 'boolean', default: false },
      mutual: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`unknown bench "${unknown}": one of ${known.join(', ')}`)
  return {
    names: positionals.length > 0 ? positionals : [...known],
    json: values.json,
    plot: values.plot,
    threads: optionalInteger('threads', values.threads, 1),
    tier: parseTier(values.tier),
    frames: optionalInteger('frames', values.frames, 1) ?? (values.quick ? QUICK_FRAMES : undefined),
    scene: values.scene,
    quick: values.quick,
    mutual: values.mutual,
    seed: optionalInteger('seed', values.seed, 0) ?? 1,
    help: values.help,
  }
}

/** Whether a run is as it is published: every option that changes a number at its default. */
export function isFullRun({ threads, tier, frames, scene, quick, mutual, seed }: BenchOptions): boolean {
  const asUsual = [threads, tier, frames, scene].every((option) => option === undefined)
  return asUsual && !quick && !mutual && seed === 1
}

function optionalInteger(option: string, text: string | undefined, minimum: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < minimum) {
    throw new Error(`--${option} "${text}": an integer of at least ${minimum} is needed`)
  }
  return value
}

function parseTier(text: string | undefined): Tier | undefined {
  if (text === undefined) return undefined
  const tier = TIERS.find((known) => known === text)
  if (!tier) throw new Error(`--tier "${text}": one of ${TIERS.join(', ')}`)
  return tier
}
