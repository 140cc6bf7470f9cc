import { BODY, DYNAMIC } from '../flags.ts'
import { type Desk, FLIGHT, FLY, TRAY } from './desk.ts'
import { FIELDS, PAGE } from './pages.ts'

const { PLACE, SPEED, PULL, FLAGS, SCALE, DAMPING, NOW, NUMBERS } = FLIGHT

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
export function fly(
  desk: Desk,
  pages: readonly Float32Array[],
  { count, after }: { count: number; after: number },
  motion: Motion,
): void {
  const used = Math.ceil(count / PAGE)
  for (let first = 0; first < used; first += PASS)
    move(desk, pages.slice(first, Math.min(first + PASS, used)), first, motion)
  const dead: number[] = []
  const dt = Math.fround(motion.dt)
  for (let k = 0; k < used; k++) {
    const left = pages[k]!.subarray(FIELD.left * PAGE, FIELD.left * PAGE + Math.min(PAGE, count - k * PAGE))
    for (let j = 0; j < left.length; j++) {
      left[j] = left[j]! - dt
      if (left[j]! <= 0) dead.push(k * PAGE + j)
    }
  }
  fillHoles(pages, dead, after)
}

/** Pages that the kernel moves at once. */
const PASS = TRAY / PAGE

/** Moves pages as if they were bodies that nothing attracts: speeds first, then places by them alone. */
function move({ kernel, trays, wordTrays }: Desk, pages: readonly Float32Array[], first: number, motion: Motion): void {
  wordTrays[FLAGS]!.fill(BODY | DYNAMIC)
  trays[NUMBERS]!.set([motion.dt, ...motion.gravity, 1, 1])
  trays[SCALE]!.fill(motion.share)
  trays[DAMPING]!.fill(motion.drag)
  for (let k = 0; k < pages.length; k++) {
    const page = pages[k]!
    for (let axis = 0; axis < 3; axis++) {
      trays[PLACE + axis]!.set(page.subarray((FIELD.x + axis) * PAGE, (FIELD.x + axis + 1) * PAGE), k * PAGE)
      trays[SPEED + axis]!.set(page.subarray((FIELD.vx + axis) * PAGE, (FIELD.vx + axis + 1) * PAGE), k * PAGE)
    }
    const extra = motion.extras?.[first + k]
    if (extra) trays[DAMPING]!.set(extra.subarray(0, PAGE), k * PAGE)
    if (extra) trays[SCALE]!.set(extra.subarray(PAGE, 2 * PAGE), k * PAGE)
  }
  kernel.exports.state_fly(FLY.velocities, pages.length * PAGE, 0)
  for (let axis = 0; axis < 3; axis++) {
    trays[PULL + axis]!.fill(0)
    trays[NOW + axis]!.set(trays[SPEED + axis]!)
  }
  kernel.exports.state_fly(FLY.places, pages.length * PAGE, 1)
  for (let k = 0; k < pages.length; k++) {
    const [from, to] = [k * PAGE, (k + 1) * PAGE]
    for (let axis = 0; axis < 3; axis++) {
      pages[k]!.set(trays[PLACE + axis]!.subarray(from, to), (FIELD.x + axis) * PAGE)
      pages[k]!.set(trays[SPEED + axis]!.subarray(from, to), (FIELD.vx + axis) * PAGE)
    }
  }
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
