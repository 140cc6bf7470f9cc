/** Queries over all shapes against distance functions: a ray is marched along the distance, a moving ball along the distance less its radius. */
import {
  addBody,
  type BodyDesc,
  castRay,
  castRays,
  castShape,
  nearest,
  nearestMany,
  overlapBox,
  overlapShape,
  overlapSphere,
  overlapSpheres,
  type Physics,
  refreshQueries,
  removeBody,
  type Shape,
  step,
  teleport,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, ground, inCube, makePhysics, type Random, randomDirection } from '../physics/harness.ts'
import { addScaled, cross, dot, length, subtract, type Vec3 } from '../reference/vec.ts'

type Quat = [number, number, number, number]
type Distance = (p: Vec3) => number

const turn = (q: Quat, v: Vec3): Vec3 => {
  const u: Vec3 = [q[0], q[1], q[2]]
  const t = addScaled([0, 0, 0], cross(u, v), 2)
  const c = cross(u, t)
  return [v[0] + q[3] * t[0] + c[0], v[1] + q[3] * t[1] + c[1], v[2] + q[3] * t[2] + c[2]]
}
const back = (q: Quat, v: Vec3): Vec3 => turn([-q[0], -q[1], -q[2], q[3]], v)

function randomQuat(random: Random): Quat {
  const q = [0, 0, 0, 0].map(() => between(random, -1, 1))
  const size = Math.hypot(...q)
  return q.map((v) => v / size) as Quat
}

const boxDistance =
  (half: Vec3): Distance =>
  (p) => {
    const d = p.map((v, i) => Math.abs(v) - half[i]!)
    return Math.hypot(...d.map((v) => Math.max(v, 0))) + Math.min(0, Math.max(...d))
  }
const capsuleDistance =
  (radius: number, half: number): Distance =>
  (p) =>
    Math.hypot(p[0], p[1] - Math.max(-half, Math.min(half, p[1])), p[2]) - radius

interface Made {
  shape: Shape
  distance: Distance
}

/** A random shape and its distance function; hulls are boxes by their corners, compounds a box and a ball. */
function makeShape(random: Random, kind: number): Made {
  const size = (): number => between(random, 0.2, 1.5)
  if (kind === 0) {
    const radius = size()
    return { shape: { type: 'sphere', radius }, distance: (p) => length(p) - radius }
  }
  if (kind === 1) {
    const half: Vec3 = [size(), size(), size()]
    return { shape: { type: 'box', halfExtents: half }, distance: boxDistance(half) }
  }
  if (kind === 2) {
    const [radius, half] = [size() / 2, size()]
    return { shape: { type: 'capsule', radius, halfHeight: half }, distance: capsuleDistance(radius, half) }
  }
  if (kind === 3) {
    const half: Vec3 = [size(), size(), size()]
    const points = Array.from(
      { length: 8 },
      (_, i): Vec3 => [i & 1 ? half[0] : -half[0], i & 2 ? half[1] : -half[1], i & 4 ? half[2] : -half[2]],
    )
    return { shape: { type: 'hull', points }, distance: boxDistance(half) }
  }
  // Two equal balls, so that the centre of mass is between them.
  const [radius, apart] = [size() / 2, size()]
  const child = (x: number) => ({ shape: { type: 'sphere', radius } as const, position: [x, 0, 0] as Vec3 })
  return {
    shape: { type: 'compound', children: [child(-apart), child(apart)] },
    distance: (p) => Math.min(length([p[0] - apart, p[1], p[2]]), length([p[0] + apart, p[1], p[2]])) - radius,
  }
}

interface Scene {
  physics: Physics
  bodies: Map<number, Distance>
}

async function crowd(count: number, seed: number, threads?: number): Promise<Scene> {
  const physics = await makePhysics(threads ? { threads } : {})
  const random = createRandom(seed)
  const bodies = new Map<number, Distance>()
  for (let i = 0; i < count; i++) {
    const { shape, distance } = makeShape(random, i % 5)
    const [position, rotation] = [inCube(random, 8), randomQuat(random)]
    const desc: BodyDesc = { shape, position, rotation, type: i % 3 ? 'dynamic' : 'static' }
    bodies.set(addBody(physics, desc), (p) => distance(back(rotation, subtract(p, position))))
  }
  return { physics, bodies }
}

/** Where a ray first comes within `gap` of a body: the nearest body and the way. */
function march(bodies: Map<number, Distance>, [from, to]: [Vec3, Vec3], far: number, gap = 0): [number, number] | null {
  let best: [number, number] | null = null
  for (const [e, distance] of bodies) {
    let way = 0
    for (let i = 0; i < 400 && way <= far; i++) {
      const left = distance(addScaled(from, to, way)) - gap
      if (left < 1e-5) {
        if (!best || way < best[1]) best = [e, way]
        break
      }
      way += left
    }
  }
  return best
}

/** Asks twenty single questions of no account, so that what comes next is answered through the index. */
function useIndex(physics: Physics): void {
  for (let i = 0; i < 20; i++) castRay(physics, [0, 0, 0], [1, 0, 0], 0)
}

describe.each([['without the index'], ['with the index']])('%s', (how) => {
  const ready = (physics: Physics): void => (how === 'with the index' ? useIndex(physics) : refreshQueries(physics))

  test('rays hit what marching hits', async () => {
    const { physics, bodies } = await crowd(150, 1)
    const random = createRandom(2)
    let hits = 0
    for (let i = 0; i < 250; i++) {
      const origin = inCube(random, 13)
      const direction = randomDirection(random, [0, 0, 0]) as Vec3
      ready(physics)
      const seen = castRay(physics, origin, direction, 60)
      const expected = march(bodies, [origin, direction], 60)
      if (!expected || !seen) {
        // Grazing: within the accuracy of marching.
        if (seen) expect(Math.abs(bodies.get(seen.entity)!([seen.x, seen.y, seen.z]))).toBeLessThan(2e-3)
        else expect(expected).toBeNull()
        continue
      }
      hits++
      expect(Math.abs(seen.distance - expected[1])).toBeLessThan(5e-3)
      const distance = bodies.get(seen.entity)!
      const point: Vec3 = [seen.x, seen.y, seen.z]
      const normal: Vec3 = [seen.nx, seen.ny, seen.nz]
      expect(length(normal)).toBeCloseTo(1, 4)
      if (seen.distance === 0) continue
      expect(Math.abs(distance(point))).toBeLessThan(1e-3)
      expect(distance(addScaled(point, normal, 0.01))).toBeGreaterThan(0.008)
    }
    expect(hits).toBeGreaterThan(50)
  })

  test('nearest is the least of the distances, and its point is on the body', async () => {
    const { physics, bodies } = await crowd(150, 3)
    const random = createRandom(4)
    for (let i = 0; i < 200; i++) {
      const point = inCube(random, 13)
      ready(physics)
      const seen = nearest(physics, point, 5)
      const least = Math.max(0, Math.min(...[...bodies.values()].map((distance) => distance(point))))
      if (!seen) {
        expect(least).toBeGreaterThan(4.999)
        continue
      }
      expect(Math.abs(seen.distance - least)).toBeLessThan(1e-3)
      const on: Vec3 = [seen.x, seen.y, seen.z]
      expect(bodies.get(seen.entity)!(on)).toBeLessThan(1e-3)
      expect(Math.abs(length(subtract(on, point)) - seen.distance)).toBeLessThan(1e-3)
    }
  })

  test('balls overlap what is within their radius', async () => {
    const { physics, bodies } = await crowd(150, 5)
    const random = createRandom(6)
    const out = new Uint32Array(200)
    for (let i = 0; i < 100; i++) {
      const center = inCube(random, 20)
      const radius = between(random, 0, 8)
      ready(physics)
      const found = [...out.subarray(0, overlapSphere(physics, center, radius, out))]
      expect(found).toEqual([...found].sort((a, b) => a - b))
      for (const [e, distance] of bodies) {
        const gap = distance(center) - radius
        if (Math.abs(gap) > 1e-3) expect(found.includes(e), `gap ${gap}`).toBe(gap < 0)
      }
    }
  })

  test('moving balls stop where marching stops', async () => {
    const { physics, bodies } = await crowd(120, 7)
    const random = createRandom(8)
    let hits = 0
    for (let i = 0; i < 150; i++) {
      const position = inCube(random, 12)
      const direction = randomDirection(random, [0, 0, 0]) as Vec3
      const [far, radius] = [between(random, 1, 40), between(random, 0.05, 1)]
      const path = addScaled([0, 0, 0], direction, far)
      ready(physics)
      const seen = castShape(physics, { shape: { type: 'sphere', radius }, position, path })
      const expected = march(bodies, [position, direction], far, radius)
      if (!expected || !seen) {
        if (seen) {
          const at = addScaled(position, direction, seen.share * far)
          expect(Math.abs(bodies.get(seen.entity)!(at) - radius)).toBeLessThan(5e-3)
        } else if (expected) expect(expected[1]).toBeGreaterThan(far - 1e-2)
        continue
      }
      hits++
      expect(Math.abs(seen.share * far - expected[1])).toBeLessThan(1e-2)
      const on = bodies.get(seen.entity)!([seen.x, seen.y, seen.z])
      if (seen.share > 0) expect(Math.abs(on)).toBeLessThan(5e-3)
    }
    expect(hits).toBeGreaterThan(40)
  })

  test('moving boxes, capsules and hulls touch nothing before they stop, and something after', async () => {
    const { physics } = await crowd(120, 9)
    const random = createRandom(10)
    const out = new Uint32Array(200)
    let hits = 0
    for (let i = 0; i < 90; i++) {
      const shape = makeShape(random, 1 + (i % 3)).shape as { type: 'box'; halfExtents: Vec3 }
      const [position, rotation] = [inCube(random, 12), randomQuat(random)]
      const path = inCube(random, 13)
      const at = (share: number): Vec3 => addScaled(position, path, share)
      const touching = (share: number): number[] => {
        ready(physics)
        return [...out.subarray(0, overlapShape(physics, { shape, position: at(share), rotation }, out))]
      }
      ready(physics)
      const seen = castShape(physics, { shape, position, rotation, path })
      const away = 2e-3 / length(path)
      if (!seen) {
        expect(touching(1 - away)).toEqual([])
        continue
      }
      if (seen.share === 0) {
        expect(touching(away)).toContain(seen.entity)
        continue
      }
      hits++
      expect(touching(seen.share - away)).toEqual([])
      // Grazing bodies are left again at once.
      const normal: Vec3 = [seen.nx, seen.ny, seen.nz]
      if (dot(normal, path) < -0.2 * length(path)) expect(touching(seen.share + away)).toContain(seen.entity)
    }
    expect(hits).toBeGreaterThan(20)
  })

  test('boxes overlap what touches them', async () => {
    const { physics, bodies } = await crowd(150, 11)
    const random = createRandom(12)
    const out = new Uint32Array(200)
    const half: Vec3 = [3, 1, 2]
    for (let i = 0; i < 30; i++) {
      const [center, rotation] = [inCube(random, 9), randomQuat(random)]
      ready(physics)
      const found = [...out.subarray(0, overlapBox(physics, { center, halfExtents: half, rotation }, out))]
      // A body that has a point well inside the box is found; a body that is apart from it by more than the box's reach is not.
      for (const [e, distance] of bodies) {
        if (distance(center) < 0) expect(found).toContain(e)
        if (distance(center) > length(half) + 1e-3) expect(found).not.toContain(e)
      }
      // Dense points of the box: what one is inside of is found.
      for (let k = 0; k < 200; k++) {
        const inner: Vec3 = [between(random, -3, 3), between(random, -1, 1), between(random, -2, 2)]
        const p = addScaled(center, turn(rotation, inner), 1)
        for (const [e, distance] of bodies) if (distance(p) < -1e-3) expect(found).toContain(e)
      }
    }
  })
})

describe('planes', () => {
  test('stop what moves and are near, and overlap nothing', async () => {
    const physics = await makePhysics()
    const floor = addBody(physics, ground())
    const box = { type: 'box', halfExtents: [1, 2, 3] } as const
    expect(castShape(physics, { shape: box, position: [0, 10, 0], path: [0, -16, 0] })).toMatchObject({
      entity: floor,
      share: 0.5,
      y: 0,
      ny: 1,
    })
    expect(castShape(physics, { shape: box, position: [0, 10, 0], path: [0, -7.9, 0] })).toBeNull()
    expect(castShape(physics, { shape: box, position: [0, 10, 0], path: [9, 1, 0] })).toBeNull()
    expect(castShape(physics, { shape: box, position: [0, 1, 0], path: [0, 1, 0] })).toMatchObject({ share: 0 })
    expect(nearest(physics, [3, 4, 5], 10)).toEqual({ entity: floor, distance: 4, x: 3, y: 0, z: 5 })
    expect(nearest(physics, [3, -4, 5], 10)).toMatchObject({ entity: floor, distance: 0, y: -4 })
    expect(nearest(physics, [3, 4, 5], 3.9)).toBeNull()
    expect(overlapBox(physics, { center: [0, 0, 0], halfExtents: [1, 1, 1] }, new Uint32Array(4))).toBe(0)
  })
})

describe('a hull', () => {
  test('asks from the frame of its points', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 1 }, position: [0, 0, 0] })
    const points = [2, 4].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z): Vec3 => [x, y, z])))
    const shape = { type: 'hull', points } as const
    const hit = castShape(physics, { shape, position: [10, 0, 0], path: [-20, 0, 0] })
    expect(hit?.entity).toBe(body)
    expect(hit!.share).toBeCloseTo(11 / 20, 4)
    const half = Math.SQRT1_2
    const turned = castShape(physics, { shape, position: [0, 0, 0], rotation: [0, 0, half, half], path: [0, -9, 0] })
    expect(turned!.share).toBeCloseTo(1 / 9, 4)
  })
})

describe('bulk', () => {
  test.each([1, 2])('equals singles on %i threads, in chunks and in either array type', async (threads) => {
    const { physics } = await crowd(400, 20, threads)
    const random = createRandom(21)
    const count = 17_000
    const [origins, directions] = [new Float64Array(3 * count), new Float32Array(3 * count)]
    const far = new Float32Array(count)
    for (let i = 0; i < 3 * count; i++) {
      origins[i] = Math.fround(between(random, -14, 14))
      directions[i] = between(random, -3, 3)
      if (i < count) far[i] = between(random, 0, 12)
    }
    const out = {
      entities: new Uint32Array(count),
      distances: new Float64Array(count),
      points: new Float32Array(3 * count),
      normals: new Float64Array(3 * count),
    }
    const hits = castRays(physics, { origins, directions, maxDistance: far }, out)
    expect(hits).toBe(out.entities.filter((e) => e !== 0).length)
    expect(hits).toBeGreaterThan(3000)
    const close = { entities: new Uint32Array(count), distances: new Float64Array(count) }
    nearestMany(physics, { points: origins, maxDistance: far }, close)
    const lists = { starts: new Uint32Array(count + 1), entities: new Uint32Array(4_000_000) }
    const total = overlapSpheres(physics, { centers: origins, radius: far }, lists)
    expect(total).toBe(lists.starts[count])
    expect(total).toBeGreaterThan(50_000)
    const found = new Uint32Array(500)
    for (const i of [0, 1, 777, 16_383, 16_384, 16_999]) {
      const three = (v: ArrayLike<number>): Vec3 => [v[3 * i], v[3 * i + 1], v[3 * i + 2]]
      const single = castRay(physics, three(origins), three(directions), far[i])
      expect(out.entities[i]).toBe(single?.entity ?? 0)
      expect(out.distances[i]).toBe(single?.distance ?? Infinity)
      if (single) expect(three(out.normals)).toEqual([single.nx, single.ny, single.nz])
      const near = nearest(physics, three(origins), far[i])
      expect([close.entities[i], close.distances[i]]).toEqual([near?.entity ?? 0, near?.distance ?? Infinity])
      const seen = [...found.subarray(0, overlapSphere(physics, three(origins), far[i], found))]
      expect([...lists.entities.subarray(lists.starts[i], lists.starts[i + 1])]).toEqual(seen)
    }
  })

  test('lists that do not fit are counted, not written', async () => {
    const { physics } = await crowd(50, 22)
    const lists = { starts: new Uint32Array(3), entities: new Uint32Array(60).fill(7) }
    const balls = { centers: new Float32Array(6), radius: 1000 }
    expect(overlapSpheres(physics, balls, lists)).toBe(100)
    expect([...lists.starts]).toEqual([0, 50, 100])
    expect([...lists.entities.subarray(0, 10)]).toEqual([...lists.entities.subarray(50, 60)])
  })

  test('the same with one thread and two', async () => {
    const answers = []
    for (const threads of [1, 2]) {
      const { physics } = await crowd(1000, 23, threads)
      const random = createRandom(24)
      const origins = Float32Array.from({ length: 6000 }, () => between(random, -20, 20))
      const directions = Float32Array.from({ length: 6000 }, () => between(random, -1, 1))
      const out = { entities: new Uint32Array(2000), points: new Float64Array(6000), normals: new Float64Array(6000) }
      castRays(physics, { origins, directions, maxDistance: 50 }, out)
      answers.push(out)
    }
    expect(answers[1]).toEqual(answers[0])
  })
})

describe('filters', () => {
  test('by group, mask, id, type, sensor and bullet', async () => {
    const physics = await makePhysics()
    const shape = { type: 'box', halfExtents: [1, 1, 1] } as const
    const at = (x: number, more: Partial<BodyDesc>): number =>
      addBody(physics, { shape, position: [x, 0, 0], ...more } as BodyDesc)
    const [first, second, third] = [at(5, { group: 1 }), at(10, { group: 2, mask: 4 }), at(15, { type: 'static' })]
    const [sensor, bullet] = [at(20, { sensor: true }), at(25, { bullet: true, type: 'kinematic' })]
    const ask = (filter?: object): number => castRay(physics, [0, 0, 0], [1, 0, 0], 100, filter)?.entity ?? 0
    expect(ask()).toBe(first)
    expect(ask({ mask: 2 })).toBe(second)
    expect(ask({ group: 1, exclude: first })).toBe(third)
    expect(ask({ group: 4, mask: 2 })).toBe(second)
    expect(ask({ exclude: first })).toBe(second)
    expect(ask({ types: ['static'] })).toBe(third)
    expect(ask({ types: ['kinematic'] })).toBe(0)
    expect(ask({ types: ['kinematic'], bullets: true })).toBe(bullet)
    expect(ask({ types: [] })).toBe(0)
    const seen = (filter?: object): number[] => {
      const out = new Uint32Array(9)
      return [...out.subarray(0, overlapSphere(physics, [15, 0, 0], 50, out, filter))]
    }
    expect(seen()).toEqual([first, second, third, sensor, bullet])
    expect(seen({ sensors: false })).toEqual([first, second, third, bullet])
    expect(seen({ bullets: false, exclude: second })).toEqual([first, third, sensor])
    expect(nearest(physics, [21, 0, 0], 9, { sensors: false })?.entity).toBe(bullet)
    const cast = { shape, position: [0, 0, 0], path: [30, 0, 0] } as const
    expect(castShape(physics, { ...cast, filter: { types: ['static'] } })?.entity).toBe(third)
    expect(castShape(physics, { ...cast, filter: { mask: 0 } })).toBeNull()
  })

  test('of two at the same distance the lower id answers', async () => {
    for (const patient of [false, true]) {
      const physics = await makePhysics()
      const bodies = [0, 1, 2].map(() =>
        addBody(physics, { shape: { type: 'sphere', radius: 1 }, position: [5, 0, 0], type: 'static' }),
      )
      if (patient) useIndex(physics)
      expect(castRay(physics, [0, 0, 0], [1, 0, 0], 9)?.entity).toBe(bodies[0])
      expect(castRay(physics, [5, 0, 0], [1, 0, 0], 9, { exclude: bodies[0] })?.entity).toBe(bodies[1])
      expect(nearest(physics, [5, 0, 0], 9)?.entity).toBe(bodies[0])
      expect(
        castShape(physics, { shape: { type: 'sphere', radius: 1 }, position: [0, 0, 0], path: [9, 0, 0] })?.entity,
      ).toBe(bodies[0])
    }
  })
})

describe('the index', () => {
  test('sees steps, added, removed and moved bodies', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, {
      shape: { type: 'box', halfExtents: [1, 1, 1] },
      position: [0, 0, 0],
      linearVelocity: [600, 0, 0],
    })
    const above = (x: number): number => castRay(physics, [x, 9, 0], [0, -1, 0], 20)?.entity ?? 0
    useIndex(physics)
    expect([above(0), above(10)]).toEqual([body, 0])
    step(physics, 1 / 60)
    useIndex(physics)
    expect([above(0), above(10)]).toEqual([0, body])
    teleport(physics, body, { position: [20, 0, 0] })
    useIndex(physics)
    expect([above(10), above(20)]).toEqual([0, body])
    const other = addBody(physics, { shape: { type: 'sphere', radius: 1 }, position: [10, 0, 0] })
    useIndex(physics)
    expect(above(10)).toBe(other)
    removeBody(physics, body)
    useIndex(physics)
    expect(above(20)).toBe(0)
    physics.components.Position.x[other] = 30
    refreshQueries(physics)
    useIndex(physics)
    expect([above(10), above(30)]).toEqual([0, other])
  })

  test('of an empty world answers nothing', async () => {
    const physics = await makePhysics()
    const out = { entities: new Uint32Array(40).fill(9), distances: new Float32Array(40) }
    const rays = { origins: new Float32Array(120), directions: new Float32Array(120).fill(1), maxDistance: 9 }
    expect(castRays(physics, rays, out)).toBe(0)
    expect(out.entities.every((e) => e === 0)).toBe(true)
    expect(out.distances.every((d) => d === Infinity)).toBe(true)
    expect(nearest(physics, [0, 0, 0], 1e9)).toBeNull()
    const shape = { type: 'sphere', radius: 1 } as const
    expect(castShape(physics, { shape, position: [0, 0, 0], path: [1, 0, 0] })).toBeNull()
    expect(overlapShape(physics, { shape, position: [0, 0, 0] }, new Uint32Array(4))).toBe(0)
    expect(castRays(physics, { ...rays, origins: new Float32Array(0) }, out)).toBe(0)
  })
})

describe('bad input', () => {
  const shape = { type: 'sphere', radius: 1 } as const
  const good = () => ({ origins: new Float32Array(60), directions: new Float32Array(60).fill(1), maxDistance: 5 })
  const out = (): { entities: Uint32Array } => ({ entities: new Uint32Array(20) })
  const nan = (): Float32Array => {
    const values = new Float32Array(60).fill(1)
    values[31] = Number.NaN
    return values
  }
  const zero = (): Float32Array => new Float32Array(60).fill(1).fill(0, 30, 33)
  const cases: [string, string, (p: Physics) => unknown][] = [
    ['E_NOT_FINITE', 'rays.origins of number 10', (p) => castRays(p, { ...good(), origins: nan() }, out())],
    ['E_NOT_FINITE', 'rays.directions of number 10', (p) => castRays(p, { ...good(), directions: nan() }, out())],
    ['E_RANGE', 'rays.directions of number 10', (p) => castRays(p, { ...good(), directions: zero() }, out())],
    ['E_RANGE', 'rays.origins', (p) => castRays(p, { ...good(), origins: new Float32Array(4) }, out())],
    ['E_RANGE', 'rays.directions', (p) => castRays(p, { ...good(), directions: new Float32Array(59) }, out())],
    ['E_RANGE', 'rays.maxDistance', (p) => castRays(p, { ...good(), maxDistance: -1 }, out())],
    ['E_RANGE', 'rays.maxDistance', (p) => castRays(p, { ...good(), maxDistance: new Float32Array(19) }, out())],
    ['E_RANGE', 'out.entities', (p) => castRays(p, good(), { entities: new Uint32Array(19) })],
    ['E_RANGE', 'out.normals', (p) => castRays(p, good(), { ...out(), normals: new Float32Array(59) })],
    ['E_NOT_FINITE', 'batch.points of number 10', (p) => nearestMany(p, { points: nan(), maxDistance: 1 }, out())],
    [
      'E_RANGE',
      'balls.radius of number 0',
      (p) =>
        overlapSpheres(
          p,
          { centers: new Float32Array(3), radius: new Float32Array([-1]) },
          { starts: new Uint32Array(2), entities: new Uint32Array(9) },
        ),
    ],
    [
      'E_RANGE',
      'out.starts',
      (p) =>
        overlapSpheres(
          p,
          { centers: new Float32Array(3), radius: 1 },
          { starts: new Uint32Array(1), entities: new Uint32Array(9) },
        ),
    ],
    ['E_NOT_FINITE', 'point', (p) => nearest(p, [0, Number.NaN, 0], 1)],
    ['E_RANGE', 'maxDistance', (p) => nearest(p, [0, 0, 0], -1)],
    ['E_NOT_FINITE', 'path', (p) => castShape(p, { shape, position: [0, 0, 0], path: [0, Number.NaN, 0] })],
    ['E_RANGE', 'position', (p) => castShape(p, { shape, position: [0, 0], path: [0, 0, 0] })],
    [
      'E_RANGE',
      'rotation',
      (p) => castShape(p, { shape, position: [0, 0, 0], rotation: [0, 0, 0, 0], path: [1, 0, 0] }),
    ],
    [
      'E_UNSUPPORTED',
      'shape.type',
      (p) => overlapShape(p, { shape: { type: 'plane' } as never, position: [0, 0, 0] }, new Uint32Array(1)),
    ],
    [
      'E_RANGE',
      'shape.halfExtents',
      (p) => overlapBox(p, { center: [0, 0, 0], halfExtents: [0, 1, 1] }, new Uint32Array(1)),
    ],
    ['E_RANGE', 'filter.types', (p) => castRay(p, [0, 0, 0], [1, 0, 0], 1, { types: ['solid' as never] })],
    ['E_RANGE', 'filter.group', (p) => castRay(p, [0, 0, 0], [1, 0, 0], 1, { group: -1 })],
    ['E_RANGE', 'filter', (p) => castRay(p, [0, 0, 0], [1, 0, 0], 1, null as never)],
  ]
  test.each(cases)('%s %s', async (code, field, act) => {
    const physics = await makePhysics()
    addBody(physics, { shape, position: [0, 0, 0] })
    expect(() => act(physics)).toThrow(expect.objectContaining({ code, field }))
    expect(castRay(physics, [-9, 0, 0], [1, 0, 0], 20)?.distance).toBe(8)
  })
})
