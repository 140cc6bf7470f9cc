/** What the browser tests call inside the page. */
import { type Backend, createPhysics, dispose, type PhysicsOptions } from 'manybody'
import { hashAfter } from '../../determinism/scenes.ts'

/** Makes a small world and gives what it runs on. */
async function backendOf(options: PhysicsOptions): Promise<Backend> {
  const physics = await createPhysics({ ...options, capacity: { entities: 64, particles: 64 } })
  const { backend } = physics
  dispose(physics)
  return backend
}

const calls = { backendOf, hashAfter }
export type PageCalls = typeof calls
Object.assign(globalThis, calls)
document.title = 'ready'
