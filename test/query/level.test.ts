/** Rays and moving shapes at meshes, height fields, hulls and compounds of thousands of triangles, against all triangles one by one in 64 bits. */
import { addBody, type BodyDesc, castRay, castRays, castShape, nearest, type Physics, type Shape } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, inCube, makePhysics, type Random, randomDirection } from '../physics/harness.ts'
import { addScaled, cross, dot, length, subtract, type Vec3 } from '../reference/vec.ts'
import { type Quat, randomQuat, turn } from './scenes.ts'
import { cornersOf, firstHit, isOn, joinSoups, normalOf, type Soup, soupOf } from './triangles.ts'

const RAYS = 10_000
/** m: what the rounding of a ray's origin into a body's frame may move a hit by, where the ray meets the surface at 0.02 or more. */
const TOLERANCE = 2e-3
const CAPACITY = { geometry: 400_000 }

interface Level {
  physics: Physics
  body: number
  soup: Soup
  /** A point inside, or below a height field. */
  middle: Vec3
}

const map3 = (v: Vec3, f: (x: number) => number): Vec3 => [f(v[0]), f(v[1]), f(v[2])]
const asFloat = (v: Vec3): Vec3 => map3(v, Math.fround)

async function makeLevel(shape: Shape, soup: (place: (v: Vec3) => Vec3) => Soup, threads?: number): Promise<Level> {
  const physics = await makePhysics({ capacity: CAPACITY, ...(threads ? { threads } : {}) })
  const random = createRandom(5)
  const body = addBody(physics, {
    shape,
    position: [7, -3, 11],
    rotation: randomQuat(random),
    type: 'static',
  } as BodyDesc)
  const { x, y, z, w } = physics.components.Rotation
  const rotation: Quat = [x[body]!, y[body]!, z[body]!, w[body]!]
  const place = (v: Vec3): Vec3 => addScaled([7, -3, 11], turn(rotation, v), 1)
  return { physics, body, soup: soup(place), middle: place([0, -0.5, 0]) }
}

/** A dented ball of 2 × 100 × 50 triangles about the origin, 8 to 12 m in radius. */
function dentedBall(): { vertices: Vec3[]; indices: number[] } {
  const [around, along] = [100, 51]
  const vertices: Vec3[] = [
    [0, 10, 0],
    [0, -10, 0],
  ]
  for (let i = 1; i < along; i++) {
    for (let k = 0; k < around; k++) {
      const [a, b] = [(Math.PI * i) / along, (2 * Math.PI * k) / around]
      const radius = 10 + Math.sin(5 * b) * Math.sin(3 * a) * 1.5
      vertices.push(
        asFloat([Math.sin(a) * Math.cos(b) * radius, Math.cos(a) * radius, Math.sin(a) * Math.sin(b) * radius]),
      )
    }
  }
  const at = (i: number, k: number): number => (i === 0 ? 0 : i === along ? 1 : 2 + (i - 1) * around + (k % around))
  const indices: number[] = []
  for (let i = 0; i < along; i++) {
    for (let k = 0; k < around; k++) {
      if (i > 0) indices.push(at(i, k), at(i, k + 1), at(i + 1, k))
      if (i < along - 1) indices.push(at(i, k + 1), at(i + 1, k + 1), at(i + 1, k))
    }
  }
  return { vertices, indices }
}

/** Hills of 70 × 72 cells, and their triangles as the documentation of height fields has them. */
function hills(): { shape: Shape; vertices: Vec3[]; indices: number[] } {
  const [rows, columns, spacing] = [71, 73, [0.4, 0.5]]
  const height = (row: number, column: number): number =>
    Math.fround(Math.sin(row * 0.3) + Math.cos(column * 0.2 + row * 0.1))
  const heights: number[] = []
  const vertices: Vec3[] = []
  const indices: number[] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      heights.push(height(row, column))
      const [x, z] = [(column - (columns - 1) / 2) * spacing[0]!, (row - (rows - 1) / 2) * spacing[1]!]
      vertices.push([x, height(row, column), z])
      if (row === rows - 1 || column === columns - 1) continue
      const p = row * columns + column
      indices.push(p, p + columns, p + columns + 1, p, p + columns + 1, p + 1)
    }
  }
  return { shape: { type: 'heightField', heights, rows, columns, spacing }, vertices, indices }
}

/** A regular solid of twenty faces about the origin. */
function icosahedron(radius: number): { points: Vec3[]; indices: number[] } {
  const g = (1 + Math.sqrt(5)) / 2
  const unit = radius / Math.hypot(1, g)
  const points: Vec3[] = []
  for (const a of [-1, 1]) for (const b of [-g, g]) points.push([0, a, b], [a, b, 0], [b, 0, a])
  const indices: number[] = []
  const near = (i: number, k: number): boolean => length(subtract(points[i]!, points[k]!)) < 2.01
  for (let i = 0; i < 12; i++) {
    for (let j = i + 1; j < 12; j++) {
      for (let k = j + 1; k < 12; k++) {
        if (!near(i, j) || !near(j, k) || !near(i, k)) continue
        const n = cross(subtract(points[j]!, points[i]!), subtract(points[k]!, points[i]!))
        indices.push(...(dot(n, points[i]!) > 0 ? [i, j, k] : [i, k, j]))
      }
    }
  }
  return { points: points.map((p) => asFloat(map3(p, (v) => v * unit))), indices }
}

interface Rays {
  origins: Float32Array
  directions: Float32Array
  maxDistance: Float32Array
}

const three = (v: ArrayLike<number>, i: number): Vec3 => [v[3 * i]!, v[3 * i + 1]!, v[3 * i + 2]!]

/** A ray of one of seven kinds. */
function makeRay(random: Random, { soup, middle }: Level, kind: number): [Vec3, Vec3, number] {
  const triangle = Math.floor(between(random, 0, soup.count))
  const [a, b, c] = cornersOf(soup, triangle)
  const outside = addScaled(middle, randomDirection(random, [0, 0, 0]) as Vec3, between(random, 20, 200))
  const edge = subtract(b, a)
  const inner = addScaled(addScaled(a, edge, 0.3), subtract(c, a), 0.3)
  switch (kind) {
    case 0: // anywhere, anyhow
      return [
        addScaled(middle, inCube(random, 25), 1),
        randomDirection(random, [0, 0, 0]) as Vec3,
        between(random, 0, 60),
      ]
    case 1: // at a triangle from outside
      return [outside, subtract(inner, outside), 500]
    case 2: // at a corner
      return [outside, subtract(a, outside), 500]
    case 3: {
      // from inside, or from below: anyhow, or at a corner
      const origin = addScaled(middle, inCube(random, 3), 1)
      return [origin, random() < 0.5 ? (randomDirection(random, [0, 0, 0]) as Vec3) : subtract(a, origin), 100]
    }
    case 4: // in the plane of a triangle, along an edge
      return [addScaled(a, edge, -between(random, 1, 30)), edge, 100]
    case 5: // a little above a triangle, along it
      return [addScaled(addScaled(inner, edge, -20), normalOf(soup, triangle), between(random, -0.2, 0.2)), edge, 100]
    default: // of no length
      return [outside, subtract(inner, outside), 0]
  }
}

function makeRays(level: Level, seed: number): Rays {
  const random = createRandom(seed)
  const [origins, directions] = [new Float32Array(3 * RAYS), new Float32Array(3 * RAYS)]
  const maxDistance = new Float32Array(RAYS)
  for (let i = 0; i < RAYS; i++) {
    const [origin, direction, far] = makeRay(random, level, i % 7)
    origins.set(origin, 3 * i)
    directions.set(direction, 3 * i)
    maxDistance[i] = far
  }
  return { origins, directions, maxDistance }
}

/** Holds each hit against all triangles; gives how many were compared to the full. */
function compare(level: Level, rays: Rays, solid: boolean, seed: number): number {
  const { physics, body, soup } = level
  const out = {
    entities: new Uint32Array(RAYS),
    distances: new Float64Array(RAYS),
    normals: new Float64Array(3 * RAYS),
  }
  const hits = castRays(physics, rays, out)
  expect(hits).toBe(out.entities.filter((e) => e === body).length)
  let compared = 0
  for (let i = 0; i < RAYS; i++) {
    const toward = three(rays.directions, i)
    const size = length(toward)
    const ray: [Vec3, Vec3] = [three(rays.origins, i), map3(toward, (v) => v / size)]
    const far = rays.maxDistance[i]!
    const seen = out.distances[i]!
    const best = firstHit(soup, ray)
    const name = `ray ${i} of kind ${i % 7}, seed ${seed}: ${seen}, not ${best?.distance}`
    // From inside of a solid, or on its surface.
    if (solid && seen === 0) continue
    // No triangle is missed …
    if (best && best.distance < far - TOLERANCE) expect(seen, name).toBeLessThan(best.distance + TOLERANCE)
    if (seen === Infinity) continue
    // … and none is invented.
    expect(seen, name).toBeLessThanOrEqual(far * (1 + 1e-6))
    if (!best || Math.abs(seen - best.distance) > TOLERANCE) {
      expect(isOn(soup, addScaled(ray[0], ray[1], seen), TOLERANCE), name).toBe(true)
      continue
    }
    const front = normalOf(soup, best.triangle)
    const normal = three(out.normals, i)
    if (Math.abs(dot(front, normal)) > 0.9999) compared++
    expect(dot(normal, ray[1]), name).toBeLessThan(1e-3)
  }
  return compared
}

describe('10,000 rays of seven kinds', () => {
  test.each([1, 2])('at a mesh of 10,000 triangles, %i threads', async (threads) => {
    const { vertices, indices } = dentedBall()
    expect(indices.length / 3).toBe(10_000)
    const level = await makeLevel(
      { type: 'mesh', vertices, indices },
      (place) => soupOf(vertices, indices, place),
      threads,
    )
    const rays = makeRays(level, 31)
    expect(compare(level, rays, false, 31)).toBeGreaterThan(4000)
    // The surface is closed: what begins inside cannot get out, not even through a corner.
    const out = { entities: new Uint32Array(RAYS) }
    castRays(level.physics, rays, out)
    for (let i = 0; i < RAYS; i++) if (i % 7 === 3) expect(out.entities[i], `ray ${i}`).toBe(level.body)
  })

  test('at a height field of 10,080 triangles', async () => {
    const { shape, vertices, indices } = hills()
    const level = await makeLevel(shape, (place) => soupOf(vertices, indices, place))
    expect(compare(level, makeRays(level, 32), false, 32)).toBeGreaterThan(3000)
  })

  test('at a hull', async () => {
    const { points, indices } = icosahedron(4)
    const level = await makeLevel({ type: 'hull', points }, (place) => soupOf(points, indices, place))
    expect(compare(level, makeRays(level, 33), true, 33)).toBeGreaterThan(1500)
  })

  test('at a compound of hulls', async () => {
    const { points, indices } = icosahedron(2)
    const places: Vec3[] = [
      [3, 0, 0],
      [-3, 0, 0],
      [0, 0, 4],
      [0, 0, -4],
    ]
    const children = places.map((position) => ({ shape: { type: 'hull', points } as const, position }))
    const level = await makeLevel({ type: 'compound', children }, (place) =>
      joinSoups(places.map((at) => soupOf(points, indices, (v) => place(addScaled(at, v, 1))))),
    )
    expect(compare(level, makeRays(level, 34), true, 34)).toBeGreaterThan(1500)
  })
})

describe.each([
  ['a mesh', () => ({ type: 'mesh', ...dentedBall() }) as Shape],
  ['a height field', () => hills().shape],
])('%s', (_, make) => {
  test('answers one ray as it answers many', async () => {
    const level = await makeLevel(make(), () =>
      soupOf(
        [
          [9, 0, 0],
          [0, 9, 0],
          [0, 0, 9],
        ],
        [0, 1, 2],
        (v) => v,
      ),
    )
    const random = createRandom(8)
    const count = 300
    const [origins, directions] = [new Float32Array(3 * count), new Float32Array(3 * count)]
    for (let i = 0; i < count; i++) {
      origins.set(addScaled(level.middle, inCube(random, 12), 1), 3 * i)
      directions.set(randomDirection(random, [0, 0, 0]), 3 * i)
    }
    const out = {
      entities: new Uint32Array(count),
      distances: new Float64Array(count),
      normals: new Float64Array(3 * count),
    }
    expect(castRays(level.physics, { origins, directions, maxDistance: 50 }, out)).toBeGreaterThan(50)
    for (let i = 0; i < count; i++) {
      const one = castRay(level.physics, three(origins, i), three(directions, i), 50)
      expect([one?.entity ?? 0, one?.distance ?? Infinity]).toEqual([out.entities[i], out.distances[i]])
      if (one) expect([one.nx, one.ny, one.nz]).toEqual(three(out.normals, i))
    }
  })

  test('is found or passed over as the filter says', async () => {
    const physics = await makePhysics({ capacity: CAPACITY })
    const level = addBody(physics, {
      shape: make(),
      position: [0, 0, 0],
      type: 'static',
      group: 2,
      mask: 4,
    } as BodyDesc)
    const ball = addBody(physics, { shape: { type: 'sphere', radius: 1 }, position: [0.1, -30, 0.1], type: 'dynamic' })
    const ask = (filter?: object): number => {
      const rays = {
        origins: new Float32Array([0.1, 50, 0.1]),
        directions: new Float32Array([0, -1, 0]),
        maxDistance: 100,
        filter,
      }
      const out = { entities: new Uint32Array(1) }
      castRays(physics, rays as never, out)
      expect(castRay(physics, [0.1, 50, 0.1], [0, -1, 0], 100, filter)?.entity ?? 0).toBe(out.entities[0])
      return out.entities[0]!
    }
    expect(ask()).toBe(level)
    expect(ask({ exclude: level })).toBe(ball)
    expect(ask({ mask: 2 })).toBe(level)
    expect(ask({ mask: 1, group: 4 })).toBe(ball)
    expect(ask({ group: 8 })).toBe(ball)
    expect(ask({ types: ['dynamic'] })).toBe(ball)
    expect(ask({ types: ['kinematic'] })).toBe(0)
  })

  test('refuses rays that are none', async () => {
    const { physics } = await makeLevel(make(), () => joinSoups([]))
    for (const bad of [Number.NaN, Infinity]) {
      const error = expect.objectContaining({ code: 'E_NOT_FINITE' })
      expect(() => castRay(physics, [bad, 0, 0], [1, 0, 0], 9)).toThrow(error)
      expect(() => castRay(physics, [0, 0, 0], [1, bad, 0], 9)).toThrow(error)
      expect(() => castRay(physics, [0, 0, 0], [1, 0, 0], bad)).toThrow(error)
      const rays = { origins: new Float32Array([0, bad, 0]), directions: new Float32Array([0, 1, 0]), maxDistance: 9 }
      expect(() => castRays(physics, rays, { entities: new Uint32Array(1) })).toThrow(error)
    }
    expect(() => castRay(physics, [0, 0, 0], [0, 0, 0], 9)).toThrow(expect.objectContaining({ code: 'E_RANGE' }))
  })

  test('stops balls that move where rays from all over the ball would stop', async () => {
    const physics = await makePhysics({ capacity: CAPACITY })
    const level = addBody(physics, { shape: make(), position: [0, 0, 0], type: 'static' } as BodyDesc)
    const random = createRandom(12)
    let hits = 0
    for (let i = 0; i < 150; i++) {
      const start = addScaled([0, 0, 0], randomDirection(random, [0, 0, 0]) as Vec3, 30)
      const path = addScaled([0, 0, 0], subtract(inCube(random, 9), start), 2)
      const radius = between(random, 0.02, 2)
      const seen = castShape(physics, { shape: { type: 'sphere', radius }, position: start, path })
      const ways = Array.from({ length: 40 }, (): number => {
        const from = addScaled(start, randomDirection(random, [0, 0, 0]) as Vec3, radius)
        return (castRay(physics, from, path, length(path))?.distance ?? Infinity) / length(path)
      })
      // No point of the ball's surface gets further than the ball.
      if (seen) expect(Math.min(...ways)).toBeGreaterThan(seen.share - 1e-4)
      else expect(Math.min(...ways)).toBe(Infinity)
      if (!seen || seen.share === 0) continue
      hits++
      expect(seen.entity).toBe(level)
      // What it stops at is on its surface, and nothing is nearer.
      const at = addScaled(start, path, seen.share)
      const on: Vec3 = [seen.x, seen.y, seen.z]
      expect(Math.abs(length(subtract(on, at)) - radius)).toBeLessThan(2e-3)
      expect(Math.abs(nearest(physics, at, radius + 0.01)!.distance - radius)).toBeLessThan(2e-3)
    }
    expect(hits).toBeGreaterThan(60)
  })
})
