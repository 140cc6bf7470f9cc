/** Source texts of the projects that install the tarball. */

/** A scene without any option beyond tier and threads: spheres falling on a plane, 60 steps. */
export const FALL = `import { addBodies, addBody, bodyCount, createPhysics, dispose, stateHash, step } from 'manybody'

export async function fall({ tier = 'auto', threads = 'auto' } = {}) {
  const physics = await createPhysics({ tier, threads, gravity: [0, -9.81, 0], capacity: { entities: 1000, bodies: 500 } })
  addBody(physics, { type: 'static', shape: { type: 'plane', normal: [0, 1, 0], offset: 0 } })
  addBodies(physics, 199, (index, desc) => {
    desc.position = [(index % 10) * 0.9, 1 + Math.floor(index / 10) * 0.9, (index % 7) * 0.3]
    desc.shape = { type: 'sphere', radius: 0.5 }
  })
  for (let i = 0; i < 60; i++) step(physics, 1 / 60)
  const result = {
    tier: physics.backend.tier,
    threads: physics.backend.threads,
    reasons: physics.backend.reasons,
    bodies: bodyCount(physics),
    hash: stateHash(physics),
  }
  dispose(physics)
  return result
}
`

/** Uses of the public types, for the consumer's compiler. */
export const TYPED = `import { addBody, createPhysics, type BodyDesc, type Physics, PhysicsError, step } from 'manybody'

const desc: BodyDesc = { position: [0, 1, 0], shape: { type: 'sphere', radius: 1 }, mass: 2 }

export async function main(): Promise<number> {
  const physics = await createPhysics({ gravity: [0, -9.81, 0] })
  const x: Float32Array = physics.components.Position.x
  const fine = await createPhysics({ precision: 'double' })
  const fineX: Float64Array = fine.components.Position.x
  const either: Physics = fineX.length > 1 ? physics : fine
  const eid: number = addBody(either, desc)
  try {
    step(physics, 1 / 60)
  } catch (error) {
    if (error instanceof PhysicsError && error.code === 'E_DISPOSED') return 0
  }
  return x[eid] ?? 0
}

// @ts-expect-error a shape is needed
const shapeless: BodyDesc = { position: [0, 0, 0] }
void shapeless
`

/** A wrong use of the public types: shows that the compiler sees them at all. */
export const MISTYPED = `import { createPhysics } from 'manybody'

void createPhysics({ gravity: 'down' })
`
