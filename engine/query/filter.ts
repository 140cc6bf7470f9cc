import { idOf } from '../alive.ts'
import type { BodyType } from '../body-desc.ts'
import { checkChoice, checkNumber, PhysicsError } from '../errors.ts'
import { BULLET, PLANE, SENSOR } from '../flags.ts'
import type { Internals } from '../internals.ts'

/** Which bodies a query may find. Everything has a default. */
export interface QueryFilter {
  /** Groups that the asker is in, as bits: bodies whose `mask` has none of them are passed over. Default: whatever their mask. */
  group?: number
  /** Groups that are looked for, as bits. Default: all. */
  mask?: number
  /** A body that is passed over, the one that asks, by id or handle. */
  exclude?: number
  /** Whether sensors are found. Default: by overlaps and `nearest` yes, by rays and casts no. */
  sensors?: boolean
  /** Whether bullets are found. Default: as for sensors. */
  bullets?: boolean
  /** Which types are found. Default: all. */
  types?: readonly BodyType[]
}

const TYPES: readonly BodyType[] = ['static', 'dynamic', 'kinematic']
const ALL_TYPES = 7
const BITS = { min: 0, max: 0xffff_ffff, integer: true }
const ENTITY = { min: 0, integer: true }
const NONE: QueryFilter = {}

/** Places in the column, as `physics-wasm/src/stages/query.rs` has them. */
const GROUP = 0
const MASK = 1
const EXCLUDE = 2
const REFUSED = 3
const KINDS = 4

/** What a query finds when the filter does not say: `rays` pass through sensors, bullets count for `overlaps`. */
export interface FilterDefaults {
  readonly thin: boolean
  readonly planes: boolean
}

/**
 * Checks a filter and writes it for the kernel.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_STALE_ENTITY (`exclude` is a stale handle)
 */
export function writeFilter(
  internals: Internals,
  call: string,
  filter: QueryFilter | undefined,
  defaults: FilterDefaults,
): void {
  const { group, mask, exclude, sensors = defaults.thin, bullets = defaults.thin, types } = checkFilter(call, filter)
  const excluded = exclude === undefined ? 0 : idOf(internals, call, exclude, 'filter.exclude')
  const words = internals.queries.filter
  words[GROUP] = group ?? 0xffff_ffff
  words[MASK] = mask ?? 0xffff_ffff
  words[EXCLUDE] = excluded
  words[REFUSED] = (sensors ? 0 : SENSOR) | (bullets ? 0 : BULLET) | (defaults.planes ? 0 : PLANE)
  words[KINDS] = types ? typeBits(types) : ALL_TYPES
}

function checkFilter(call: string, filter: QueryFilter | undefined): QueryFilter {
  if (filter === undefined) return NONE
  if (filter === null || typeof filter !== 'object') {
    throw new PhysicsError('E_RANGE', call, 'must be an object', { field: 'filter', value: filter })
  }
  const { group, mask, exclude, types } = filter
  if (group !== undefined) checkNumber(call, 'filter.group', group, BITS)
  if (mask !== undefined) checkNumber(call, 'filter.mask', mask, BITS)
  if (exclude !== undefined) checkNumber(call, 'filter.exclude', exclude, ENTITY)
  if (types !== undefined) {
    if (!Array.isArray(types)) {
      throw new PhysicsError('E_RANGE', call, 'must be an array', { field: 'filter.types', value: types })
    }
    for (const type of types) checkChoice(call, 'filter.types', type, TYPES)
  }
  return filter
}

function typeBits(types: readonly BodyType[]): number {
  let bits = 0
  for (const type of types) bits |= 1 << TYPES.indexOf(type)
  return bits
}
