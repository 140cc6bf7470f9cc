import { hasComponent, Prefab, removeComponent } from 'bitecs'
import { BODY } from '../flags.ts'
import { worldMatrix } from '../hierarchy.ts'
import { type Internals, type Physics, part, use } from '../internals.ts'
import { decomposeMatrix } from '../math/matrix.ts'
import { multiplyQuaternions } from '../math/quaternion.ts'
import type { ParticleSystemDesc } from './desc.ts'
import { REAL, STRIDE } from './layout.ts'
import { addParticleSystem, isParticleSystem, removeParticleSystem, systemsOf } from './system.ts'

/** The particle systems that entities have by their component: what `particleSystem` starts, moves along and ends. */
interface Sources {
  /** Entities that are no bodies and have a running system, and what it was made from. */
  readonly carried: Map<number, ParticleSystemDesc>
}

const made = /* @__PURE__ */ new WeakMap<Internals, Sources>()
const createSources = (): Sources => ({ carried: new Map() })

/**
 * Starts the systems of entities that got the component `ParticleSystem`, or another description, since the last call; ends those of entities that
 * lost it or are gone; and takes the systems of entities that are no bodies to where they are now: bodies are followed within the step.
 * @throws PhysicsError what `addParticleSystem` throws; the entity has lost the component then. E_DISPOSED
 */
export function updateSources(physics: Physics): void {
  const internals = use(physics, 'particleSystem')
  const { changedSources } = internals
  const { carried } = part(made, internals, createSources)
  for (const eid of changedSources) {
    changedSources.delete(eid)
    end(physics, eid)
    carried.delete(eid)
    start(physics, internals, carried, eid)
  }
  for (const [eid, desc] of carried) carry(physics, internals, eid, desc)
}

function end(physics: Physics, eid: number): void {
  const { system } = physics.components.ParticleSystem
  const id = system[eid]!
  system[eid] = 0
  // Somebody else may have removed it.
  if (id && isParticleSystem(physics, id)) removeParticleSystem(physics, id)
}

function start(physics: Physics, internals: Internals, carried: Sources['carried'], eid: number): void {
  const { world, components } = physics
  const desc = internals.sources.get(eid) as ParticleSystemDesc | undefined
  if (!desc || hasComponent(world, eid, Prefab)) return
  const body = (components.RigidBody.flags[eid]! & BODY) !== 0
  try {
    components.ParticleSystem.system[eid] = addParticleSystem(physics, body ? { ...desc, entity: eid } : desc)
  } catch (error) {
    removeComponent(world, eid, components.ParticleSystem)
    internals.changedSources.delete(eid)
    throw error
  }
  if (!body) carried.set(eid, desc)
}

/** Puts the emitter where the entity is in the world, turned with it. */
function carry(physics: Physics, internals: Internals, eid: number, desc: ParticleSystemDesc): void {
  const id = physics.components.ParticleSystem.system[eid]!
  if (!isParticleSystem(physics, id)) return
  const m = worldMatrix(physics, eid, MATRIX)
  decomposeMatrix(m, PLACE, TURN, SIZE)
  const at = (id % 2 ** 20) * STRIDE.reals
  const { real } = systemsOf(internals)
  const [x, y, z] = [desc.position?.[0] ?? 0, desc.position?.[1] ?? 0, desc.position?.[2] ?? 0]
  for (let k = 0; k < 3; k++) real[at + REAL.position + k] = m[k]! * x + m[4 + k]! * y + m[8 + k]! * z + m[12 + k]!
  if (desc.rotation) multiplyQuaternions(TURN, TURN, desc.rotation)
  for (let k = 0; k < 4; k++) real[at + REAL.rotation + k] = TURN[k]!
}

const MATRIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const PLACE = [0, 0, 0]
const TURN = [0, 0, 0, 1]
const SIZE = [1, 1, 1]
