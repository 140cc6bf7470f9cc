import type { Physics } from 'manybody'
import type { SphereGrid } from '../../scenes/sphere-grid.ts'
import type { Clouds } from './build/clouds.ts'
import type { Engines } from './build/exhaust.ts'
import type { Fittings } from './build/fittings.ts'
import type { BurstQueue } from './bursts.ts'
import type { GameComponents } from './components.ts'
import type { Dice } from './dice.ts'
import type { RockWatch } from './rock-watch.ts'

export interface GalaxyOptions {
  /** both fleets together; 0 or 2 and more (500) */
  ships?: number
  /** rocks in orbit (25,000) */
  asteroids?: number
  /** shots in flight, always; 0 when there are no ships (15,000) */
  projectiles?: number
  /** particles alive, always, within 1 % (50,000) */
  particles?: number
  /** any integer; the same seed gives the same battle (1) */
  seed?: number
  /** see `PhysicsOptions` of manybody */
  threads?: 'auto' | number
  tier?: 'auto' | 'threads' | 'simd' | 'js'
  /** rocks attract one another and everything else; a heavy load (false) */
  mutual?: boolean
}

/** The last explosions, newest at `(next − 1) mod capacity`: for lights. Fixed arrays, overwritten in turn. */
export interface ExplosionList {
  readonly capacity: number
  /** explosions since the start */
  total: number
  next: number
  readonly x: Float32Array
  readonly y: Float32Array
  readonly z: Float32Array
  /** 1 for a fighter, about 5 for a capital ship */
  readonly strength: Float32Array
  /** `galaxy.frame` when it went off */
  readonly frame: Uint32Array
}

/** Where the fighting is: follows the hits. */
export interface FightFocus {
  /** x, y, z in metres */
  readonly position: [number, number, number]
  heat: number
}

/** Sums since the start, for tuning, tests and the HUD. */
export interface Tally {
  shots: number
  hits: number
  shipHits: number
  rockHits: number
  fighterKills: number
  capitalKills: number
  rockKills: number
  crashes: number
  droppedBursts: number
}

/** Entities that died in this frame and blasts that wait for the next one. Fixed arrays. */
export interface Casualties {
  readonly dead: Uint32Array
  deadCount: number
  readonly blasts: Float32Array
  blastCount: number
}

/** The whole game: plain data, changed by the systems only. */
export interface Galaxy extends GameComponents {
  readonly options: Required<GalaxyOptions>
  readonly physics: Physics
  /** steps done */
  frame: number
  readonly dice: Dice
  readonly planet: number
  readonly moons: Uint32Array
  /** Cosine and sine of each moon's place on its path. */
  readonly moonPhase: Float64Array
  readonly rocks: Uint32Array
  /** all ships, fleet 0 first */
  readonly ships: Uint32Array
  readonly fleets: readonly [Uint32Array, Uint32Array]
  /** the large ships of each fleet, part of `fleets` */
  readonly capitals: readonly [Uint32Array, Uint32Array]
  /** each fleet's shots; they never change sides */
  readonly projectiles: readonly [Uint32Array, Uint32Array]
  /** whose turn it is to fire, per fleet: fighters, capitals */
  readonly turns: Uint32Array
  /** the ships, put in anew each step in the order of `ships` */
  readonly shipGrid: SphereGrid
  /** rocks that drift through the battle */
  readonly rockWatch: RockWatch
  /** shots of one fleet that ended and can be fired again in this step */
  readonly spent: Uint32Array
  /** turrets and lamps of the capital ships */
  readonly fittings: Fittings
  readonly bursts: BurstQueue
  readonly clouds: Clouds
  readonly engines: Engines
  /** clouds of a galaxy with fewer particles are thinner: 1 at 50,000 */
  readonly particleScale: number
  readonly casualties: Casualties
  readonly explosions: ExplosionList
  readonly fight: FightFocus
  readonly tally: Tally
}
