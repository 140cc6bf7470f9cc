import { BATTLE } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'
import type { RockWatch } from '../rock-watch.ts'

/** The list of rocks near the battle is made anew within this many steps. */
const PERIOD = 16
/** Rocks drift this far, m, while a list is made and used. */
const MARGIN = 40

/** Looks at a sixteenth of the larger rocks and notes those that drift through the battle. */
export function scoutRocks(galaxy: Galaxy): void {
  const { rockWatch: watch, rocks, frame } = galaxy
  const { Position } = galaxy.physics.components
  const slice = frame % PERIOD
  if (slice === 0) swap(watch)
  const end = Math.floor(((slice + 1) * watch.watched) / PERIOD)
  for (let i = Math.floor((slice * watch.watched) / PERIOD); i < end; i++) {
    const eid = rocks[i]
    if (Math.abs(Position.x[eid] - BATTLE.x) > BATTLE.reachX + MARGIN) continue
    if (Math.abs(Position.z[eid] - BATTLE.z) > BATTLE.reachZ + MARGIN) continue
    watch.next[watch.nextCount++] = eid
  }
}

function swap(watch: RockWatch): void {
  const { known } = watch
  watch.known = watch.next
  watch.knownCount = watch.nextCount
  watch.next = known
  watch.nextCount = 0
}
