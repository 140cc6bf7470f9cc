import { liveBodies, type ReferenceBody, type ReferenceWorld } from './world.ts'

/** Two bodies that may touch. a comes before b in the world, except that a plane is always a. */
export interface Pair {
  a: ReferenceBody
  b: ReferenceBody
}

/** Every pair that is allowed to collide, by brute force: no grid, so nothing can be missed. Bullets are swept instead. */
export function findPairs(world: ReferenceWorld): Pair[] {
  const bodies = liveBodies(world).filter((body) => !body.bullet && !body.sensor)
  const pairs: Pair[] = []
  for (let i = 0; i < bodies.length; i++) {
    for (let j = i + 1; j < bodies.length; j++) {
      const a = bodies[i]
      const b = bodies[j]
      if (!mayTouch(a, b)) continue
      pairs.push(b.shape.type === 'plane' ? { a: b, b: a } : { a, b })
    }
  }
  return pairs
}

/** Somebody must be able to move, and the masks must agree. */
function mayTouch(a: ReferenceBody, b: ReferenceBody): boolean {
  return (a.kind === 'dynamic' || b.kind === 'dynamic') && collides(a, b)
}

/** The filter of groups and masks, both ways. */
export const collides = (a: ReferenceBody, b: ReferenceBody): boolean =>
  (a.mask & b.group) !== 0 && (b.mask & a.group) !== 0
