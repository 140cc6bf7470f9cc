import { type Internals, type Physics, part, readCounter, use } from '../internals.ts'
import { systemIdOf, systemsOf } from './system.ts'

/**
 * Hits in the last step of particles whose system tells them (`collision.events`), system by system, in an order that is the same on every tier and
 * with any number of threads. Columns are valid up to `count`, until the next step. Beyond `capacity.particleHits` hits are only counted.
 */
export interface ParticleHits {
  count: number
  /** Hits of the last step that found no room. */
  dropped: number
  /** Id of the particle's system. */
  readonly system: Float64Array
  /** Entity that was hit. */
  readonly other: Uint32Array
  /** Where, m. */
  readonly x: Float32Array
  readonly y: Float32Array
  readonly z: Float32Array
  /** Unit normal, from the body to the particle. */
  readonly nx: Float32Array
  readonly ny: Float32Array
  readonly nz: Float32Array
  /** Speed of approach along the normal, m/s. */
  readonly speed: Float32Array
}

interface Watched {
  readonly hits: ParticleHits
  readonly slot: Uint32Array
}

const made = new WeakMap<Internals, Watched>()

function watch(internals: Internals): Watched {
  const { views } = internals
  const column = (name: string): Float32Array => views.f32(`particleHits.${name}`)
  const slot = views.u32('particleHits.system')
  const place = { x: column('x'), y: column('y'), z: column('z') }
  const normal = { nx: column('nx'), ny: column('ny'), nz: column('nz'), speed: column('speed') }
  const lists = { system: new Float64Array(slot.length), other: views.u32('particleHits.other') }
  const watched = { hits: { count: 0, dropped: 0, ...lists, ...place, ...normal }, slot }
  const publish = (): void => publishHits(internals, watched)
  publish()
  internals.stepped.push(publish)
  return watched
}

function publishHits(internals: Internals, { hits, slot }: Watched): void {
  const systems = systemsOf(internals)
  hits.count = readCounter(internals, 'particleHits')
  hits.dropped = readCounter(internals, 'droppedParticleHits')
  for (let i = 0; i < hits.count; i++) hits.system[i] = systemIdOf(systems, slot[i]!)
}

/**
 * Hits of particles in the last step. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function particleHits(physics: Physics): ParticleHits {
  return part(made, use(physics, 'particleHits'), watch).hits
}
