import { type Internals, part } from '../internals.ts'
import { BIT, STRIDE, WORD } from '../particles/layout.ts'
import type { Extent, Range, StateColumn } from './columns.ts'
import { refused } from './format.ts'
import type { Columns } from './plan.ts'

/**
 * The particles in a snapshot: page by page in the order of their systems, wherever the pages lie. Restored, they lie in that order from the first
 * page on; where a page is decides nothing.
 */

/** Particles of a page; numbers of a particle, and those that only some systems have. */
export const PAGE = 256
export const FIELDS = 9
const EXTRAS = 5

const made = new WeakMap<Internals, readonly [StateColumn, StateColumn]>()

function pageColumns(internals: Internals): readonly [StateColumn, StateColumn] {
  return part(made, internals, ({ layout, kernel }) => {
    const column = (name: string): StateColumn => {
      const { offset, length } = layout.columns.get(name)!
      return {
        name,
        words: new Uint32Array(kernel.memory.buffer, offset, length),
        size: 1,
        ranges: () => [],
        perEntity: false,
      }
    }
    return [column('Particle.page'), column('Particle.extra')]
  })
}

/** Whether the particles of a system have the extra numbers. */
function hasExtras(system: number, words: Uint32Array): boolean {
  return system === 0 || (words[system * STRIDE.words + WORD.flags]! & (BIT.sticks | BIT.tells)) !== 0
}

/** The ranges of the pages: `pageAt` says which page is the k-th, `systemAt` whose it is, `words` what the systems are. */
export function pageRanges(
  internals: Internals,
  pages: number,
  { pageAt, systemAt, words }: { pageAt: (k: number) => number; systemAt: Uint32Array; words: Uint32Array },
): Range[] {
  const [main, extra] = pageColumns(internals)
  const all: Range[] = []
  for (let k = 0; k < pages; k++) {
    const page = pageAt(k)
    all.push({ column: main, start: page * FIELDS * PAGE, count: FIELDS * PAGE })
    if (hasExtras(systemAt[k]!, words)) all.push({ column: extra, start: page * EXTRAS * PAGE, count: EXTRAS * PAGE })
  }
  return all
}

/** The pages that are listed in a world; a system that was added since the last step has none yet. */
export function livePages({ views, settings, layout }: Internals): number {
  const words = views.u32('System.word')
  const systems = Math.max(1, settings[layout.settings.get('systems')!]!)
  let pages = 0
  for (let s = 0; s < systems; s++) pages += words[s * STRIDE.words + WORD.pages]!
  return pages
}

/** Newborn that were not counted yet: none between steps. */
const BIRTHS = 4

/** Refuses systems whose pages are not one after the other, or that have more particles than pages, and free slots that are none. */
export function checkSystems(columns: Columns, extent: Extent, entities: number): void {
  const words = columns.read('System.word')
  const pageSystem = columns.read('Particle.pageSystem')
  let start = 0
  let particles = 0
  for (let s = 0; s < extent.systems; s++) {
    const word = (index: number): number => words[s * STRIDE.words + index]!
    const [count, pages, list] = [word(WORD.count), word(WORD.pages), word(WORD.list)]
    if (pages > 0 && list !== start) throw refused('System.word', list, `the pages of system ${s} begin elsewhere`)
    if (count > pages * PAGE || pages > extent.pages - start || word(BIRTHS) !== 0) {
      throw refused('System.word', count, `system ${s} has not so many pages`)
    }
    for (let k = 0; k < pages; k++) {
      if (pageSystem[start + k] !== s)
        throw refused('Particle.pageSystem', pageSystem[start + k], `is a page of system ${s}`)
    }
    start += pages
    particles += count
    const entity = word(WORD.entity)
    if (entity >= entities && entity !== GONE) throw refused('System.word', entity, 'is no entity')
    if (word(WORD.heir) >= extent.systems) throw refused('System.word', word(WORD.heir), 'is no system')
  }
  if (start !== extent.pages) throw refused('pages', extent.pages, `the systems have ${start}`)
  if (particles !== extent.particles) throw refused('particles', extent.particles, `the systems have ${particles}`)
  const free = columns.read('System.free')
  const known = new Uint8Array(extent.systems)
  for (let i = 1; i < free.length; i++) {
    const slot = free[i]!
    if (slot === 0 || slot >= extent.systems || known[slot] || words[slot * STRIDE.words + WORD.flags]) {
      throw refused('System.free', slot, 'is free twice, or a system')
    }
    known[slot] = 1
  }
  if (free[0] !== extent.freeSystems) throw refused('System.free', free[0], `must be ${extent.freeSystems}`)
}

/** Entity of a system whose body is gone. */
const GONE = 0xffff_ffff
