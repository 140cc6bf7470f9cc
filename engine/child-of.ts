import { createRelation, makeExclusive, type Relation, removeComponent, withStore } from 'bitecs'
import { onComponent } from './ecs.ts'
import { parentOf, setParent } from './hierarchy.ts'
import { type Physics, use } from './internals.ts'

/**
 * An exclusive bitECS relation that sets parents: `addComponent(world, child, ChildOf(parent))` is `setParent`, another parent takes the place of
 * the one before, and taking the pair away leaves the child where it is in the world. Pairs follow the relation only: `setParent` and
 * `set(Parent, …)` neither add nor remove them, and `Parent` has the truth.
 *
 * bitECS tells nobody of a new target of an exclusive relation (the wildcard pair stays); so the relation listens to each pair by itself. To
 * bitECS each target is a component of its own: thousands of parents are for `setParent`.
 * @throws PhysicsError E_DISPOSED. Adding a pair throws what `setParent` throws, and the pair is not there then.
 */
export function createChildOf(physics: Physics): Relation<object> {
  const { ecs, unsubscribe } = use(physics, 'createChildOf')
  const pairFor = (target: unknown): object => {
    const pair = {}
    if (typeof target !== 'number') return pair
    const end = onComponent(ecs, pair, {
      // Whoever is asked about has it: what is told twice changes nothing.
      has: (eid) => parentOf(physics, eid) === target,
      added: (eid) => {
        try {
          setParent(physics, eid, target)
        } catch (error) {
          removeComponent(physics.world, eid, pair)
          throw error
        }
      },
      removed: (eid) => {
        if (parentOf(physics, eid) === target) setParent(physics, eid, 0, KEEP)
      },
    })
    unsubscribe.push(end)
    return pair
  }
  return createRelation(withStore(pairFor), makeExclusive)
}

const KEEP = { keepWorld: true }
