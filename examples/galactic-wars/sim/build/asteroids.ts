import { addBodies, type Physics } from 'manybody'
import { between, type Random, randomDirection } from '../../../scenes/random.ts'
import { createSpheres, type SphereData, sphereMass, type Vec3 } from '../../../scenes/scene.ts'
import { insertSphere, overlapsSphere, type SphereGrid } from '../../../scenes/sphere-grid.ts'
import { BATTLE_ANGLE, FIELD, GROUP, INSTANCE_GROUPS, MASK, MOONS, ROCK } from '../constants.ts'
import { createOrbitState, fieldRadius, orbitAt } from '../orbits.ts'

/** Draws after which a rock stays where it is, touching or not: the field is sparse, so this is never reached. */
const MAX_TRIES = 64

const orbit = { radius: 0, angle: 0, height: 0, eccentricity: 0, phase: 0 }
const state = createOrbitState()

/**
 * Rocks on nearly circular orbits, densest under the battle, none touching another. Radii follow a power law
 * N(>r) ∝ r⁻²: half are below 0.85 m, a few dozen are mountains of 10–14 m. Large ones come first.
 */
export function planAsteroids(count: number, random: Random, grid: SphereGrid): SphereData {
  const s = createSpheres(count)
  for (let i = 0; i < count; i++) s.radius[i] = powerLaw(random)
  s.radius.sort().reverse()
  for (let i = 0; i < count; i++) {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      drawOrbit(random)
      orbitAt(orbit, state)
      if (nearHerdingMoon(state.x, state.y, state.z)) continue
      if (!overlapsSphere(grid, state.x, state.y, state.z, s.radius[i] * 1.05 + 0.1)) break
    }
    insertSphere(grid, state.x, state.y, state.z, s.radius[i])
    s.x[i] = state.x
    s.y[i] = state.y
    s.z[i] = state.z
    s.vx[i] = state.vx
    s.vy[i] = state.vy
    s.vz[i] = state.vz
    s.mass[i] = sphereMass(s.radius[i], ROCK.density)
  }
  return s
}

function powerLaw(random: Random): number {
  const smallest = (ROCK.minRadius / ROCK.maxRadius) * (ROCK.minRadius / ROCK.maxRadius)
  return ROCK.minRadius / Math.sqrt(1 - random() * (1 - smallest))
}

function drawOrbit(random: Random): void {
  orbit.radius = fieldRadius(random(), random(), random())
  const inArc = random() < FIELD.arcShare
  // Two draws make the arc denser towards its middle.
  const spread = random() + random() - 1
  orbit.angle = BATTLE_ANGLE + (inArc ? spread * FIELD.arcHalfAngle : (random() - 0.5) * 2 * Math.PI)
  orbit.height = FIELD.height * Math.sqrt(random())
  orbit.eccentricity = 0.004 * random()
  orbit.phase = random() * 2 * Math.PI
}

function nearHerdingMoon(x: number, y: number, z: number): boolean {
  const moon = MOONS[2]
  const flat = Math.sqrt(x * x + z * z) - moon.distance
  const room = moon.radius + ROCK.maxRadius
  return flat * flat + y * y < room * room
}

/** Puts the planned rocks into the world, shared out over the rock geometries. */
export function addAsteroids(physics: Physics, plan: SphereData, random: Random, attracts: boolean): Uint32Array {
  const position: Vec3 = [0, 0, 0]
  const linearVelocity: Vec3 = [0, 0, 0]
  const angularVelocity: Vec3 = [0, 0, 0]
  const rotation: [number, number, number, number] = [0, 0, 0, 1]
  const shape = { type: 'sphere' as const, radius: 1 }
  const { rocks } = INSTANCE_GROUPS
  return addBodies(physics, plan.count, (i, desc) => {
    position[0] = plan.x[i]
    position[1] = plan.y[i]
    position[2] = plan.z[i]
    linearVelocity[0] = plan.vx[i]
    linearVelocity[1] = plan.vy[i]
    linearVelocity[2] = plan.vz[i]
    randomDirection(random, angularVelocity)
    const spin = between(random, 0.05, 0.7) / Math.sqrt(plan.radius[i])
    for (let axis = 0; axis < 3; axis++) angularVelocity[axis] *= spin
    randomRotation(random, rotation)
    shape.radius = plan.radius[i]
    desc.type = 'dynamic'
    desc.position = position
    desc.linearVelocity = linearVelocity
    desc.angularVelocity = angularVelocity
    desc.rotation = rotation
    desc.shape = shape
    desc.mass = plan.mass[i]
    desc.friction = 0.6
    desc.restitution = 0.25
    desc.group = GROUP.rock
    desc.mask = MASK.solid
    desc.attracts = attracts
    desc.instanceGroup = rocks[i % rocks.length]
    desc.tint = random()
  })
}

function randomRotation(random: Random, out: [number, number, number, number]): void {
  for (;;) {
    let squared = 0
    for (let i = 0; i < 4; i++) {
      out[i] = between(random, -1, 1)
      squared += out[i] * out[i]
    }
    if (squared > 1 || squared < 0.01) continue
    const scale = 1 / Math.sqrt(squared)
    for (let i = 0; i < 4; i++) out[i] *= scale
    return
  }
}
