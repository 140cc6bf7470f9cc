/** Bulk mathematics over columns, against three.js, on ranges and lists, and what it refuses. */
import { addComponent, addEntity, query } from 'bitecs'
import {
  addScaledAll,
  createColumns,
  createPhysics,
  integrateAll,
  integrateQuaternion,
  lerpAll,
  nlerp,
  nlerpAll,
  normalizeAll,
  type Physics,
  type PhysicsOptions,
  type QuaternionComponent,
  rotateAll,
  slerpAll,
  type VectorComponent,
} from 'manybody'
import { Quaternion, Vector3 } from 'three'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'

const COUNT = 1003
const AXES = ['x', 'y', 'z', 'w'] as const

interface Scene {
  physics: Physics
  a: QuaternionComponent
  b: QuaternionComponent
  v: VectorComponent
  u: VectorComponent
}

/** Numbers that look random, the same every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 31 - 1) * 3
  }
}

async function scene(options: PhysicsOptions = {}): Promise<Scene> {
  const physics = await createPhysics({ ...options, capacity: { bodies: COUNT - 1, particles: 0, columns: 18 } })
  const [a, b] = [createColumns(physics, 'x', 'y', 'z', 'w'), createColumns(physics, 'x', 'y', 'z', 'w')]
  const [v, u] = [createColumns(physics, 'x', 'y', 'z'), createColumns(physics, 'x', 'y', 'z')]
  const next = numbers(7)
  for (let e = 0; e < COUNT; e++) {
    for (const q of [a, b]) {
      const unit = new Quaternion(next(), next(), next(), next()).normalize()
      write(q, e, unit.toArray())
    }
    for (const w of [v, u]) write(w, e, [next(), next(), next()])
  }
  return { physics, a, b, v, u }
}

function write(columns: VectorComponent, e: number, values: readonly number[]): void {
  for (const [k, value] of values.entries()) (columns as QuaternionComponent)[AXES[k]!][e] = value
}

function quaternion(q: QuaternionComponent, e: number): Quaternion {
  return new Quaternion(q.x[e], q.y[e], q.z[e], q.w[e])
}

function vector(v: VectorComponent, e: number): Vector3 {
  return new Vector3(v.x[e], v.y[e], v.z[e])
}

function copy(columns: QuaternionComponent): QuaternionComponent
function copy(columns: VectorComponent): VectorComponent
function copy(columns: VectorComponent): VectorComponent {
  return Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, column.slice()])) as never
}

/** One more quaternion. */
function createColumnsOf(physics: Physics): QuaternionComponent {
  return createColumns(physics, 'x', 'y', 'z', 'w')
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, k) => start + k)
}

const PRECISIONS = [
  ['single', 'threads', 2e-6],
  ['single', 'simd', 2e-6],
  ['double', 'simd', 1e-14],
] as const

describe.each(PRECISIONS)('%s precision, tier %s', (precision, tier, error) => {
  const options = { precision, tier, threads: 2 } as const

  /** The same turn, component by component: q and −q are one. */
  function expectTurn(found: Quaternion, wanted: Quaternion): void {
    const sign = found.dot(wanted) < 0 ? -1 : 1
    for (const axis of AXES) expect(Math.abs(found[axis] - sign * wanted[axis])).toBeLessThan(error)
  }

  function expectVector(found: Vector3, wanted: Vector3): void {
    expect(found.distanceTo(wanted)).toBeLessThan(error * Math.max(1, wanted.length()))
  }

  test('normalizeAll, of vectors and of quaternions', async () => {
    const { physics, v, a } = await scene(options)
    for (let e = 0; e < COUNT; e++) a.w[e]! *= 1 + e
    for (const axis of ['x', 'y', 'z'] as const) v[axis][500] = 0
    for (const axis of AXES) a[axis][501] = 0
    const [v0, a0] = [copy(v), copy(a)]
    normalizeAll(physics, v)
    normalizeAll(physics, a)
    for (let e = 0; e < COUNT; e++) {
      expectVector(vector(v, e), vector(v0, e).normalize())
      expectTurn(quaternion(a, e), quaternion(a0, e).normalize())
    }
    expect(vector(v, 500)).toEqual(new Vector3(0, 0, 0))
    expect(quaternion(a, 501).toArray()).toEqual([0, 0, 0, 1])
  })

  test('normalizeAll of the very long and the very short', async () => {
    const { physics, v } = await scene(options)
    const sizes = precision === 'single' ? [1e-37, 1e-30, 1e-20, 1e20, 1e30, 1e38] : [1e-300, 1e-160, 1e160, 1e300]
    for (const [e, size] of sizes.entries()) write(v, e, [size, -2 * size, 2 * size])
    normalizeAll(physics, v)
    for (const e of sizes.keys()) expectVector(vector(v, e), new Vector3(1 / 3, -2 / 3, 2 / 3))
  })

  test('slerpAll and nlerpAll', async () => {
    const { physics, a, b } = await scene(options)
    // The same, the opposite sign, nearly the same, a half turn apart.
    write(b, 1, quaternion(a, 1).toArray())
    write(
      b,
      2,
      quaternion(a, 2)
        .toArray()
        .map((value) => -value),
    )
    write(
      b,
      3,
      quaternion(a, 3)
        .multiply(new Quaternion(1e-6, 0, 0, 1))
        .normalize()
        .toArray(),
    )
    write(
      b,
      4,
      quaternion(a, 4)
        .multiply(new Quaternion(1, 0, 0, 0))
        .toArray(),
    )
    const out = createColumnsOf(physics)
    for (const t of [0, 0.1, 0.5, 0.9, 1]) {
      slerpAll(physics, out, a, b, t)
      for (let e = 0; e < COUNT; e++) {
        const [from, to] = [quaternion(a, e), quaternion(b, e)]
        // Half a turn apart there are two ways, and rounding decides.
        if (Math.abs(from.dot(to)) < 1e-6) continue
        expectTurn(quaternion(out, e), from.slerp(to, t))
        expect(Math.abs(quaternion(out, e).length() - 1)).toBeLessThan(error)
      }
      nlerpAll(physics, out, a, b, t)
      for (let e = 0; e < COUNT; e++) {
        if (Math.abs(quaternion(a, e).dot(quaternion(b, e))) < 1e-6) continue
        const wanted = nlerp([0, 0, 0, 1], quaternion(a, e).toArray(), quaternion(b, e).toArray(), t)
        expectTurn(quaternion(out, e), new Quaternion(...(wanted as [number, number, number, number])))
      }
    }
    slerpAll(physics, out, a, b, 0.5)
    expect(quaternion(out, 4).length()).toBeCloseTo(1, 6)
  })

  test('rotateAll, lerpAll and addScaledAll', async () => {
    const { physics, a, v, u } = await scene(options)
    const [v0, u0] = [copy(v), copy(u)]
    rotateAll(physics, v, a, v)
    for (let e = 0; e < COUNT; e++) expectVector(vector(v, e), vector(v0, e).applyQuaternion(quaternion(a, e)))
    lerpAll(physics, v, v, u, 0.25)
    for (let e = 0; e < COUNT; e++) {
      expectVector(vector(v, e), vector(v0, e).applyQuaternion(quaternion(a, e)).lerp(vector(u0, e), 0.25))
    }
    addScaledAll(physics, u, u, u, -0.5)
    for (let e = 0; e < COUNT; e++) expectVector(vector(u, e), vector(u0, e).multiplyScalar(0.5))
  })

  test('integrateAll', async () => {
    const { physics, a, v } = await scene(options)
    write(v, 1, [0, 0, 0])
    write(v, 2, [1e-20, 0, 0])
    write(v, 3, [40, -30, 20])
    const out = createColumnsOf(physics)
    for (const dt of [0, 1 / 60, -0.3, 1]) {
      integrateAll(physics, out, a, v, dt)
      for (let e = 0; e < COUNT; e++) {
        const wanted = integrateQuaternion([0, 0, 0, 1], quaternion(a, e).toArray(), vector(v, e).toArray(), dt)
        const found = quaternion(out, e)
        const turned = new Quaternion(...(wanted as [number, number, number, number]))
        // Digits of an angle of many radians are those of its size.
        const size = Math.max(1, vector(v, e).length() * Math.abs(dt))
        expect(Math.abs(Math.abs(found.dot(turned)) - 1)).toBeLessThan(error * size)
        for (const axis of AXES) {
          const sign = found.dot(turned) < 0 ? -1 : 1
          expect(Math.abs(found[axis] - sign * turned[axis])).toBeLessThan(error * size)
        }
      }
    }
  })

  test('a range and a list touch nobody else', async () => {
    const { physics, v, a, u } = await scene(options)
    for (const entities of [
      { start: 3, end: 3 },
      { start: 5, end: 6 },
      { start: 10, end: 23 },
      { start: 999, end: COUNT },
      [],
      [7],
      [1, 900, 3, 3, 17, 1002],
      new Uint32Array(range(0, COUNT).filter((e) => e % 3 === 0)),
    ]) {
      const before = copy(v)
      const chosen = new Set<number>('start' in entities ? range(entities.start, entities.end) : entities)
      addScaledAll(physics, v, v, u, 1, entities)
      for (let e = 0; e < COUNT; e++) {
        if (!chosen.has(e)) expect(vector(v, e)).toEqual(vector(before, e))
        else expectVector(vector(v, e), vector(before, e).add(vector(u, e)))
      }
    }
    // The last range ends at the end of a column: the next one is whole.
    expect(quaternion(a, 0).length()).toBeCloseTo(1, 6)
  })
})

test('a list and a range give the same bits, and so do the tiers', async () => {
  const results: string[] = []
  for (const tier of ['threads', 'simd', 'js'] as const) {
    const { physics, a, b, v, u } = await scene({ tier, threads: tier === 'threads' ? 2 : 1 })
    for (const entities of [undefined, Array.from({ length: COUNT }, (_, e) => e)]) {
      const out = entities ? b : a
      if (!entities) slerpAll(physics, out, a, b, 0.3)
      normalizeAll(physics, v, entities)
      integrateAll(physics, a, a, u, 0.1, entities)
      rotateAll(physics, u, a, v, entities)
      nlerpAll(physics, b, a, b, 0.7, entities)
    }
    results.push(
      [a, b, v, u]
        .flatMap((one) => Object.values(one))
        .map((column) =>
          Buffer.from(new Uint8Array(column.buffer, column.byteOffset, column.byteLength)).toString('hex'),
        )
        .join(),
    )
  }
  expect(new Set(results).size).toBe(1)
})

test('own columns are components of bitECS', async () => {
  const { physics } = await scene()
  const Target = createColumnsOf(physics)
  const eid = addEntity(physics.world)
  addComponent(physics.world, eid, Target)
  write(Target, eid, [0, 3, 0, 4])
  normalizeAll(physics, Target, query(physics.world, [Target]))
  expect(quaternion(Target, eid).y).toBeCloseTo(0.6, 6)
})

test('what is refused changes nothing', async () => {
  const { physics, a, b, v, u } = await scene({ tier: 'simd' })
  const before = copy(v)
  const plain = { x: new Float32Array(COUNT), y: new Float32Array(COUNT), z: new Float32Array(COUNT) }
  const call = 'addScaledAll'
  expectError('E_UNSUPPORTED', { call, field: 'x' }, () => addScaledAll(physics, v, plain, u, 1))
  expectError('E_UNSUPPORTED', { call, field: 'z' }, () => addScaledAll(physics, v, { ...v, z: v.z.subarray(1) }, u, 1))
  expectError('E_NOT_FINITE', { call, field: 'scale' }, () => addScaledAll(physics, v, v, u, Number.NaN))
  expectError('E_RANGE', { call, field: 'entities[1]' }, () => addScaledAll(physics, v, v, u, 1, [1, COUNT]))
  expectError('E_NOT_FINITE', { call, field: 'entities[0]' }, () => addScaledAll(physics, v, v, u, 1, [Number.NaN]))
  expectError('E_RANGE', { call, field: 'entities[0]' }, () => addScaledAll(physics, v, v, u, 1, [1.5]))
  expectError('E_RANGE', { call, field: 'end' }, () => addScaledAll(physics, v, v, u, 1, { start: 0, end: COUNT + 1 }))
  expectError('E_RANGE', { call: 'slerpAll', field: 't' }, () => slerpAll(physics, a, a, b, 1.1))
  createColumns(physics, 'a', 'b', 'c', 'd')
  expectError('E_CAPACITY', { call: 'createColumns', value: 18 }, () => createColumns(physics, 'x'))
  for (const axis of ['x', 'y', 'z'] as const) expect(v[axis]).toEqual(before[axis])
})
