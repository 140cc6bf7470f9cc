import { ATTRACTS, BODY, DYNAMIC, KINEMATIC } from './flags.ts'
import type { RealArray } from './memory/views.ts'

/**
 * What a step makes of bodies that touch nothing, with the kernel's own arithmetic: every operation rounded as there, so that most numbers come out
 * to the last bit. A delta then tells those alone that did not. What is wrong here costs bytes and nothing else: a delta tells the difference.
 */

/** Columns of the base, and, as far as they are known already, of now. */
export interface Sight {
  base(name: string): RealArray
  now(name: string): RealArray
  baseWords(name: string): Uint32Array
}

/** What steps are made of. */
export interface StepNumbers {
  single: boolean
  entities: number
  /** s, and how many steps there were. */
  dt: number
  steps: number
  gravity: readonly [number, number, number]
  g: number
  softening: number
  minDistance: number
}

/** More sources than this are not summed one by one: the kernel would not either, and the delta would take long. */
const MOST_SOURCES = 64

const AXES = ['x', 'y', 'z'] as const

/** Where bodies are that fly on: columns to compare with. */
export interface Flight {
  velocity: RealArray[]
  position: RealArray[]
  rotation: RealArray[]
}

/** Predicts velocities from the base. */
export function predictVelocities(sight: Sight, step: StepNumbers): { velocity: RealArray[]; pull: RealArray[] } {
  const velocity = AXES.map((axis) => sight.base(`LinearVelocity.${axis}`).slice())
  const pull = velocity.map((column) => column.slice().fill(0))
  accelerate(sight, step, velocity, pull)
  return { velocity, pull }
}

/** v ← v/(1 + dt·damping) + a·dt. */
function accelerate(sight: Sight, step: StepNumbers, velocity: RealArray[], pull: RealArray[]): void {
  const r = step.single ? Math.fround : same
  const flags = sight.baseWords('RigidBody.flags')
  const scale = sight.base('RigidBody.gravityScale')
  const damping = sight.base('RigidBody.linearDamping')
  const position = AXES.map((axis) => sight.base(`Position.${axis}`))
  const sources = listSources(sight, step)
  const dt = r(step.dt)
  const half = r(0.5 * dt)
  const gravity = step.gravity.map((g) => r(g))
  const softening2 = r(r(step.softening) * r(step.softening))
  const near = Math.max(r(r(step.minDistance) * r(step.minDistance)), step.single ? 1e-30 : 1e-300)
  for (let e = 0; e < step.entities; e++) {
    if ((flags[e]! & (BODY | DYNAMIC | ASLEEP)) !== (BODY | DYNAMIC)) continue
    let [sx, sy, sz] = [0, 0, 0]
    const x = r(position[0]![e]! + r(velocity[0]![e]! * half))
    const y = r(position[1]![e]! + r(velocity[1]![e]! * half))
    const z = r(position[2]![e]! + r(velocity[2]![e]! * half))
    for (let s = 0; s < sources.length; s += 4) {
      const dx = r(sources[s]! - x)
      const dy = r(sources[s + 1]! - y)
      const dz = r(sources[s + 2]! - z)
      const distance2 = r(r(r(dx * dx) + r(dy * dy)) + r(dz * dz))
      if (!(distance2 >= near)) continue
      const r2 = r(distance2 + softening2)
      const strength = r(sources[s + 3]! * r(1 / r(r2 * r(Math.sqrt(r2)))))
      sx = r(sx + r(dx * strength))
      sy = r(sy + r(dy * strength))
      sz = r(sz + r(dz * strength))
    }
    const sums = [sx, sy, sz]
    const keep = r(1 / r(1 + r(dt * Math.max(damping[e]!, 0))))
    for (let k = 0; k < 3; k++) {
      const a = r(r(gravity[k]! * scale[e]!) + sums[k]!)
      pull[k]![e] = a
      velocity[k]![e] = r(r(velocity[k]![e]! * keep) + r(a * dt))
    }
  }
}

const ASLEEP = 256
const same = (v: number): number => v

/** Sources of gravity at the middle of the step: x, y, z, G m; none when they are too many. */
function listSources(sight: Sight, step: StepNumbers): number[] {
  const r = step.single ? Math.fround : same
  if (step.g === 0) return []
  const flags = sight.baseWords('RigidBody.flags')
  const mass = sight.base('Mass.value')
  const half = r(0.5 * r(step.dt))
  const list: number[] = []
  for (let e = 0; e < step.entities; e++) {
    if ((flags[e]! & (BODY | ATTRACTS)) !== (BODY | ATTRACTS)) continue
    const moves = (flags[e]! & (DYNAMIC | KINEMATIC)) !== 0
    for (const axis of AXES) {
      const v = sight.base(`LinearVelocity.${axis}`)[e]!
      list.push(r(sight.base(`Position.${axis}`)[e]! + r(v * (moves ? half : 0))))
    }
    list.push(r(r(step.g) * mass[e]!))
    if (list.length > 4 * MOST_SOURCES) return []
  }
  return list
}

/**
 * Predicts positions: x + dt·(v − a·dt/2) with the velocities of now; where these are not as predicted, something else than gravity pulled, and its
 * acceleration counts too.
 */
export function predictPositions(
  sight: Sight,
  step: StepNumbers,
  { velocity, pull }: { velocity: RealArray[]; pull: RealArray[] },
): RealArray[] {
  const r = step.single ? Math.fround : same
  const flags = sight.baseWords('RigidBody.flags')
  const dt = r(step.dt)
  const half = r(0.5 * dt)
  return AXES.map((axis, k) => {
    const out = sight.base(`Position.${axis}`).slice()
    const now = sight.now(`LinearVelocity.${axis}`)
    const expected = velocity[k]!
    const a = pull[k]!
    for (let e = 0; e < step.entities; e++) {
      const flag = flags[e]!
      if (!(flag & (DYNAMIC | KINEMATIC))) continue
      const v = now[e]!
      const other = v === expected[e] ? a[e]! : r(a[e]! + r((v - expected[e]!) / dt))
      for (let s = 0; s < step.steps; s++) out[e] = r(out[e]! + r(r(v - r(other * half)) * dt))
    }
    return out
  })
}

/** Predicts rotations: q ← normalise(q + ½ dt (ω, 0) ⊗ q) with the angular velocities of now. */
export function predictRotations(sight: Sight, step: StepNumbers): RealArray[] {
  const r = step.single ? Math.fround : same
  const flags = sight.baseWords('RigidBody.flags')
  const half = r(0.5 * r(step.dt))
  const names = ['Rotation.x', 'Rotation.y', 'Rotation.z', 'Rotation.w']
  const out = names.map((name) => sight.base(name).slice())
  const [X, Y, Z, W] = out as [RealArray, RealArray, RealArray, RealArray]
  const [wx, wy, wz] = AXES.map((axis) => sight.now(`AngularVelocity.${axis}`)) as [RealArray, RealArray, RealArray]
  for (let e = 0; e < step.entities; e++) {
    if (
      !(flags[e]! & (DYNAMIC | KINEMATIC)) ||
      (wx[e] === 0 && wy[e] === 0 && wz[e] === 0 && step.steps === 1 && isUnit(e))
    )
      continue
    const [a, b, c] = [r(wx[e]! * half), r(wy[e]! * half), r(wz[e]! * half)]
    for (let k = 0; k < step.steps; k++) {
      const [x, y, z, s] = [X[e]!, Y[e]!, Z[e]!, W[e]!]
      const tx = r(r(x + r(a * s)) + r(r(b * z) - r(c * y)))
      const ty = r(r(y + r(b * s)) + r(r(c * x) - r(a * z)))
      const tz = r(r(z + r(c * s)) + r(r(a * y) - r(b * x)))
      const real = r(s - r(r(r(a * x) + r(b * y)) + r(c * z)))
      const length2 = r(r(r(r(tx * tx) + r(ty * ty)) + r(tz * tz)) + r(real * real))
      if (!(length2 > 0)) continue
      const inverse = r(1 / r(Math.sqrt(length2)))
      X[e] = r(tx * inverse)
      Y[e] = r(ty * inverse)
      Z[e] = r(tz * inverse)
      W[e] = r(real * inverse)
    }
  }
  return out

  function isUnit(e: number): boolean {
    return X[e] === 0 && Y[e] === 0 && Z[e] === 0 && W[e] === 1
  }
}
