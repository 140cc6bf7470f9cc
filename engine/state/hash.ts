import { type Physics, use, writeSetting } from '../internals.ts'

/**
 * A hash of the whole state, bodies and particles: equal states give equal hashes on every tier and with every number of threads.
 * @returns 16 hexadecimal digits
 * @throws PhysicsError E_DISPOSED
 */
export function stateHash(physics: Physics): string {
  const internals = use(physics, 'stateHash')
  writeSetting(internals, 'high', internals.high)
  const half = (index: number): string =>
    (internals.kernel.exports.state_hash(index) >>> 0).toString(16).padStart(8, '0')
  return half(1) + half(0)
}
