import { FIELDS, PAGE } from './state-pages.ts'

/**
 * What a step makes of particles that meet nothing: moved as the kernel moves them, the dead replaced by the last of their system. As with bodies,
 * what is wrong here only costs bytes.
 */

/** Numbers of a particle. */
const FIELD = { x: 0, vx: 3, left: 6 } as const

/** How the particles of a system move: of one with numbers of their own, pages of those. */
export interface Motion {
  dt: number
  gravity: readonly [number, number, number]
  drag: number
  share: number
  /** Pages of the extra numbers, in the order of the system's pages: drag and share of gravity first. */
  extras: readonly Float32Array[] | undefined
}

/** Moves the first `count` particles of pages (as copies) and puts the last ones into the places of the dead; `after` is how many there are then. */
export function fly(pages: readonly Float32Array[], count: number, after: number, motion: Motion): void {
  const dead: number[] = []
  for (const [k, page] of pages.entries()) {
    const end = Math.min(PAGE, count - k * PAGE)
    if (end > 0) move(page, end, motion, motion.extras?.[k])
    for (let j = 0; j < end; j++) if (page[FIELD.left * PAGE + j]! <= 0) dead.push(k * PAGE + j)
  }
  fillHoles(pages, dead, after)
}

const round = Math.fround

function move(page: Float32Array, end: number, motion: Motion, extra: Float32Array | undefined): void {
  const dt = round(motion.dt)
  const g = motion.gravity.map((v) => round(round(v) * dt)) as [number, number, number]
  const shared = round(1 / round(1 + round(dt * round(motion.drag))))
  const pull = extra ? g : (g.map((v) => round(v * motion.share)) as [number, number, number])
  for (let axis = 0; axis < 3; axis++) {
    const x = (FIELD.x + axis) * PAGE
    const v = (FIELD.vx + axis) * PAGE
    const push = pull[axis]!
    for (let j = 0; j < end; j++) {
      const damping = extra ? round(1 / round(1 + round(dt * extra[j]!))) : shared
      const speed = round(round(page[v + j]! * damping) + (extra ? round(extra[PAGE + j]! * push) : push))
      page[v + j] = speed
      page[x + j] = round(page[x + j]! + round(speed * dt))
    }
  }
  for (let j = 0, left = FIELD.left * PAGE; j < end; j++) page[left + j] = round(page[left + j]! - dt)
}

/** Lowest place first, from the end: newborn that nobody knows yet are there too, and are skipped. */
function fillHoles(pages: readonly Float32Array[], dead: readonly number[], after: number): void {
  const gone = new Set(dead)
  let last = after + dead.length
  for (const hole of dead) {
    if (hole >= after) break
    last--
    while (gone.has(last)) last--
    const from = pages[Math.floor(last / PAGE)]
    const to = pages[Math.floor(hole / PAGE)]!
    if (!from) continue
    for (let field = 0; field < FIELDS; field++) {
      to[field * PAGE + (hole % PAGE)] = from[field * PAGE + (last % PAGE)]!
    }
  }
}
