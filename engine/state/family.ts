import { BODY } from '../flags.ts'
import type { Physics } from '../internals.ts'
import { refused } from './format.ts'
import { bitOf } from './members.ts'
import type { Columns } from './plan.ts'

/** Refuses parents that go in a circle, and lists of children that are not those of the parents. Gives the entities in the hierarchy. */
export function checkFamily(physics: Physics, columns: Columns, members: Uint32Array, high: number): number[] {
  const names = ['Parent.entity', 'Parent.child', 'Parent.next', 'Parent.previous']
  if (names.every((name) => columns.largest(name) === 0)) return []
  const [parent, child, next, previous] = names.map((name) => columns.read(name)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  const bit = bitOf(physics, physics.components.Parent)
  const flags = columns.read('RigidBody.flags')
  const nodes: number[] = []
  let children = 0
  for (let eid = 0; eid < parent.length; eid++) {
    const to = parent[eid]!
    if ((to | child[eid]! | next[eid]! | previous[eid]!) === 0) continue
    if (to === 0 && child[eid] === 0) {
      if (next[eid] || previous[eid]) throw refused('Parent.next', next[eid], `entity ${eid} has no parent`)
      continue
    }
    nodes.push(eid)
    if (to !== 0) children++
    const sound =
      eid > 0 && eid < high && to < parent.length && (members[eid]! & bit) !== 0 && !(to && flags[eid]! & BODY)
    if (!sound) throw refused('Parent.entity', to, `entity ${eid} cannot be there`)
  }
  if (nodes.length > physics.capacity.nodes) throw refused('nodes', nodes.length, 'are more than fit')
  for (const eid of nodes) {
    let before = 0
    for (let at = child[eid]!; at !== 0; at = next[at]!) {
      if (at >= parent.length || parent[at] !== eid || previous[at] !== before || children-- === 0) {
        throw refused('Parent.child', at, `is no child of entity ${eid}`)
      }
      before = at
    }
  }
  if (children !== 0) throw refused('Parent.child', children, 'children are in no list')
  checkDepths(parent, nodes)
  return nodes
}

/** Every way up ends: each entity is followed until one that was followed before. */
function checkDepths(parent: Uint32Array, nodes: readonly number[]): void {
  const seen = new Uint32Array(parent.length)
  for (const eid of nodes) {
    for (let at = eid; at !== 0 && seen[at] === 0; at = parent[at]!) {
      seen[at] = eid
      const up = parent[at]!
      if (up !== 0 && seen[up] === eid) throw refused('Parent.entity', up, 'hangs on itself')
    }
  }
}
