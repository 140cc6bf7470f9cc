/** Where the long-range forces are measured: bodies at rest, as scene data. Deterministic in their seeds. */
import { plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { between, createRandom, type Random, randomDirection } from '../../examples/scenes/random.ts'
import { createSpheres, KINEMATIC, type SceneData, STATIC, type Vec3 } from '../../examples/scenes/scene.ts'

type LongRange = NonNullable<SceneData['longRange']>

const GRAVITY: LongRange = { gravity: 1, coulomb: 0, softening: 0.01, minDistance: 1e-6 }

/** A scene of small attracting spheres of mass 1 at rest, at the points that `place` writes. */
export function pointScene(
  name: string,
  count: number,
  place: (i: number, at: Vec3) => void,
  longRange: LongRange = GRAVITY,
): SceneData {
  const s = createSpheres(count)
  const at: Vec3 = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    place(i, at)
    ;[s.x[i], s.y[i], s.z[i]] = at
  }
  s.radius.fill(1e-3)
  s.attracts.fill(1)
  return { name, gravity: [0, 0, 0], longRange, spheres: s, planes: [] }
}

/** A Plummer sphere of total mass 1 and scale length 1, softening 0.01. */
export const plummer = (count = 10_000, seed = 1): SceneData => plummerScene(count, seed)

/** Uniform in a cube, 8 m³ a body, masses 0.5–1.5; gravity alone. */
export function uniformBox(count = 10_000, seed = 1): SceneData {
  const scene = uniformBoxScene(count, seed)
  return { ...scene, longRange: { ...scene.longRange, coulomb: 0 } }
}

/** The same box with charges ±1 by turns (net zero), their force alone. */
export function neutralBox(count = 10_000, seed = 1): SceneData {
  const scene = uniformBoxScene(count, seed)
  return { ...scene, name: 'neutral-box', longRange: { ...scene.longRange, gravity: 0 } }
}

/** The same box with both forces, as strong as each other. */
export const chargedBox = (count = 10_000, seed = 1): SceneData => uniformBoxScene(count, seed)

/** A Plummer sphere whose charges cancel, softened over many neighbours: what counts is how far cells cancel. */
export function neutralPlummer(count = 10_000, seed = 1): SceneData {
  const scene = plummerScene(count, seed)
  const { charge } = scene.spheres
  for (let i = 0; i < count; i++) charge[i] = i % 2 ? 0.01 : -0.01
  return { ...scene, name: 'neutral-plummer', longRange: { gravity: 0, coulomb: 1, softening: 0.1 } }
}

/** Two layers of opposite charge, a condenser: neutral as a whole, and nowhere in itself. */
export function condenser(count = 10_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const longRange = { gravity: 0, coulomb: 1, softening: 0.05 }
  const place = (i: number, at: Vec3): void => {
    at[0] = between(random, -5, 5)
    at[1] = (i % 2 ? 1 : -1) * between(random, 0.9, 1)
    at[2] = between(random, -5, 5)
  }
  const scene = pointScene('condenser', count, place, longRange)
  for (let i = 0; i < count; i++) scene.spheres.charge[i] = i % 2 ? 0.1 : -0.1
  return scene
}

/** An exponential disc, a hundred times wider than thick. */
export function thinDisc(count = 10_000, seed = 1): SceneData {
  const random = createRandom(seed)
  return pointScene('thin-disc', count, (_, at) => {
    const r = -Math.log((1 - random()) * (1 - random()))
    const angle = 2 * Math.PI * random()
    at[0] = r * Math.cos(angle)
    at[1] = between(random, -0.01, 0.01)
    at[2] = r * Math.sin(angle)
  })
}

/** Two Plummer spheres a hundred scale lengths apart. */
export function twoClusters(count = 10_000, seed = 1): SceneData {
  const scene = plummerScene(count, seed)
  const { x, y } = scene.spheres
  for (let i = 0; i < count; i++) {
    x[i] += i % 3 ? 50 : -50
    y[i] += i % 3 ? 7 : -7
  }
  return { ...scene, name: 'two-clusters' }
}

/** A mass of 10⁶ in the middle of satellites of mass 1 whose own pulls are a few per cent of it together. */
export function heavyCentre(count = 10_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const direction: Vec3 = [0, 0, 0]
  const place = (i: number, at: Vec3): void => {
    randomDirection(random, direction)
    const r = i ? between(random, 5, 50) : 0
    for (const axis of [0, 1, 2]) at[axis] = r * direction[axis]
  }
  const scene = pointScene('heavy-centre', count, place)
  scene.spheres.mass[0] = 1e6
  return scene
}

/** `sources` attractors in the middle of bodies that only feel. */
export function fewSources(count = 10_000, sources = 40, seed = 1): SceneData {
  const scene = uniformBox(count, seed)
  scene.spheres.attracts.fill(0)
  const stride = Math.floor(count / sources)
  for (let i = 0; i < sources; i++) scene.spheres.attracts[i * stride] = 1
  return { ...scene, name: 'few-sources' }
}

/** `targets` dynamic bodies in a sea of attractors that never move. */
export function fewTargets(count = 10_000, targets = 500, seed = 1): SceneData {
  const scene = plummerScene(count, seed)
  const { kind } = scene.spheres
  const stride = Math.floor(count / targets)
  for (let i = 0; i < count; i++) if (i % stride) kind[i] = i % 2 ? STATIC : KINEMATIC
  return { ...scene, name: 'few-targets' }
}

/** Ways to place a body that trees find hard. Each gives a point for index `i` of `count`. */
export const SHAPES: Record<string, (random: Random, count: number) => (i: number, at: Vec3) => void> = {
  /** A fractal of dimension log 3 / log 2: at each of ten levels one of three corners. */
  fractal: (random) => (_, at) => {
    at.fill(0)
    for (let level = 0; level < 10; level++) {
      const corner = Math.floor(3 * random())
      at[corner] += 2 ** -level
    }
  },
  /** On a diagonal, crowding towards one end. */
  collinear: (random) => (_, at) => {
    const t = random() ** 3
    at[0] = 8 * t
    at[1] = -4 * t
    at[2] = 2 * t
  },
  /** On a line along an axis, evenly. */
  axis: (_, count) => (i, at) => {
    at[0] = (8 * i) / count
    at[1] = 0
    at[2] = 0
  },
  /** In a plane aligned with nothing. */
  coplanar: (random) => (_, at) => {
    at[0] = between(random, -4, 4)
    at[1] = between(random, -4, 4)
    at[2] = 0.375 * at[0] - 0.625 * at[1]
  },
  /** Fifty bodies at each of a few points. */
  coincident: (random, count) => {
    const points = Array.from({ length: Math.ceil(count / 50) }, () => inBox(random, 2))
    return (i, at) => {
      const point = points[i % points.length]
      for (const axis of [0, 1, 2]) at[axis] = point[axis]
    }
  },
  /** A cubic lattice of spacing 1/8: every body on a border of cells, many at the same distance. */
  lattice: (_, count) => {
    const side = Math.ceil(Math.cbrt(count))
    return (i, at) => {
      at[0] = (i % side) / 8
      at[1] = (Math.floor(i / side) % side) / 8
      at[2] = Math.floor(i / side ** 2) / 8
    }
  },
  /** Clusters of one cell's size down to a thousandth of it, far from one another. */
  clumps: (random) => {
    const centres = Array.from({ length: 12 }, () => ({ at: inBox(random, 50), size: 10 ** between(random, -3, 0) }))
    const direction: Vec3 = [0, 0, 0]
    return (i, at) => {
      const { at: centre, size } = centres[i % 12]
      randomDirection(random, direction)
      const r = size * random() ** 2
      for (const axis of [0, 1, 2]) at[axis] = centre[axis] + r * direction[axis]
    }
  },
  /** Uniform in a cube. */
  uniform: (random) => (_, at) => {
    for (const axis of [0, 1, 2]) at[axis] = between(random, -4, 4)
  },
}

function inBox(random: Random, half: number): Vec3 {
  return [between(random, -half, half), between(random, -half, half), between(random, -half, half)]
}

/** One of `SHAPES` with random masses and, when asked for, charges of both signs. */
export function shapedScene(shape: string, count: number, seed: number, charged = false): SceneData {
  const random = createRandom(seed)
  const coulomb = charged ? 1 : 0
  const scene = pointScene(shape, count, SHAPES[shape](random, count), { ...GRAVITY, coulomb })
  const { mass, charge } = scene.spheres
  for (let i = 0; i < count; i++) {
    mass[i] = between(random, 0.5, 1.5)
    charge[i] = charged ? between(random, -1, 1) : 0
  }
  return scene
}

/** A copy of a scene with its columns changed by `change`. */
export function changed(scene: SceneData, change: (spheres: SceneData['spheres']) => void): SceneData {
  const spheres = Object.fromEntries(
    Object.entries(scene.spheres).map(([key, column]) => [key, typeof column === 'number' ? column : column.slice()]),
  ) as unknown as SceneData['spheres']
  change(spheres)
  return { ...scene, spheres }
}

/** A copy of a scene with every point mapped. */
export function moved(scene: SceneData, map: (at: Vec3) => readonly [number, number, number]): SceneData {
  return changed(scene, (s) => {
    for (let i = 0; i < s.count; i++) [s.x[i], s.y[i], s.z[i]] = map([s.x[i], s.y[i], s.z[i]])
  })
}
