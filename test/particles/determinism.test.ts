/** The same particles, bit for bit, with any number of threads and on every tier; and steps that allocate nothing. */
import {
  addBody,
  addParticleSystem,
  createPhysics,
  dispose,
  type Physics,
  particleCount,
  particleHits,
  stateHash,
  step,
} from 'manybody'
import { expect, test } from 'vitest'
import { DT } from '../physics/harness.ts'
import { system } from './harness.ts'

/** Every feature at once: 40 systems over a crowd of bodies. */
function fill(physics: Physics): void {
  addBody(physics, { type: 'static', shape: { type: 'plane', normal: [0, 1, 0], offset: 0 } })
  addBody(physics, {
    type: 'static',
    shape: { type: 'sphere', radius: 3 },
    position: [0, 3, 0],
    mass: 1e3,
    attracts: true,
  })
  const ids: number[] = []
  for (let i = 0; i < 300; i++) {
    const shape = i % 3 ? { type: 'sphere', radius: 0.3 } : { type: 'box', halfExtents: [0.2, 0.3, 0.4] }
    const position = [(i % 12) - 6, 1 + 4 * Math.floor(i / 144), (Math.floor(i / 12) % 12) - 6]
    ids.push(addBody(physics, { shape: shape as never, position, linearVelocity: [(i % 7) - 3, 0, (i % 5) - 2] }))
  }
  let heir = addParticleSystem(physics, system({ life: [0.2, 0.4], speed: [1, 3] }))
  const modes = ['bounce', 'stick', 'die'] as const
  for (let k = 0; k < 40; k++) {
    const id = addParticleSystem(
      physics,
      system({
        shape: k % 2 ? { type: 'sphere', radius: 2 } : { type: 'box', halfExtents: [1, 2, 1] },
        position: [0, k % 4 ? 0 : 5, 0],
        entity: k % 5 ? undefined : ids[k],
        rate: 250,
        speed: [2, 20],
        life: [0.2, 1.5],
        drag: 0.2 * (k % 3),
        gravityScale: k % 2,
        attraction: k % 4 === 1,
        turbulence: k % 3 === 1 ? { strength: 20, scale: 2, change: 1 } : undefined,
        collision:
          k % 6 === 5 ? undefined : { mode: modes[k % 3], friction: 0.3, events: k % 2 === 0, radius: 0.02 * (k % 3) },
        onDeath: k % 7 === 0 ? { system: heir, count: 2, inherit: 0.5 } : undefined,
      } as never),
    )
    if (k % 7 === 0) heir = id
  }
}

async function play(options: object, steps = 45): Promise<{ hashes: string[]; tier: string; threads: number }> {
  const physics = await createPhysics({
    longRange: { gravity: 1 },
    capacity: { entities: 2048, particles: 60_000, contacts: 20_000 },
    ...options,
  })
  fill(physics)
  const hits = particleHits(physics)
  const hashes: string[] = []
  for (let i = 0; i < steps; i++) {
    step(physics, DT)
    if (i % 15 === 14) {
      let sum = 0
      for (let k = 0; k < hits.count; k++)
        sum = (sum * 31 + hits.other[k] + hits.x[k] + hits.nx[k] + hits.speed[k]) % 1e9
      hashes.push(`${stateHash(physics)} ${particleCount(physics)} ${hits.count} ${sum}`)
    }
  }
  const { tier, threads } = physics.backend
  dispose(physics)
  return { hashes, tier, threads }
}

const more = { timeout: 60_000 }

test('1, 2, 3 and 4 threads give the same bits', more, async () => {
  const first = await play({ tier: 'simd' })
  expect(first.tier).toBe('simd')
  expect(Number(first.hashes[2].split(' ')[1])).toBeGreaterThan(4000)
  expect(Number(first.hashes[2].split(' ')[2])).toBeGreaterThan(20)
  for (const threads of [1, 2, 3, 4]) {
    const other = await play({ tier: 'threads', threads })
    expect([other.tier, other.threads]).toEqual(['threads', threads])
    expect(other.hashes).toEqual(first.hashes)
  }
})

test('so does the tier js', more, async () => {
  const [simd, js] = [await play({ tier: 'simd' }, 15), await play({ tier: 'js' }, 15)]
  expect(js.tier).toBe('js')
  expect(js.hashes).toEqual(simd.hashes)
})
