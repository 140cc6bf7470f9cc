import { addComponents } from 'bitecs'
import { createPhysics, dispose } from 'manybody'
import { createRandom } from '../../scenes/random.ts'
import { createSphereGrid } from '../../scenes/sphere-grid.ts'
import { addAsteroids, planAsteroids } from './build/asteroids.ts'
import { createClouds, SYSTEMS } from './build/clouds.ts'
import { createEngines, fillExhausts } from './build/exhaust.ts'
import { addFittings, createFittings, NODES } from './build/fittings.ts'
import { addFleets, type FleetPlan, planFleets } from './build/fleets.ts'
import { addMoons, addPlanet, moonPhases } from './build/heavens.ts'
import { addVolley, planVolley, type VolleyPlan } from './build/volley.ts'
import { createBurstQueue } from './bursts.ts'
import { CAPITAL_TYPE, createGameComponents, FIGHTER_TYPE, ROLE } from './components.ts'
import { BATTLE, CAPITAL, GRAVITY, INSTANCE_GROUPS, MOONS, PROJECTILE, ROCK } from './constants.ts'
import { createCasualties, createExplosionList } from './explosions.ts'
import type { Galaxy, GalaxyOptions, Tally } from './galaxy.ts'
import { shipStrength } from './respawn.ts'
import { createRockWatch } from './rock-watch.ts'

/** Ships are sorted into cells of this size, m: what a pilot can see coming. */
const SHIP_CELL = 45
/** Half the longest distance that the planning keeps between two centres, m: a large ship and a mountain. */
const PLAN_RADIUS = 21
/** Particle count at which clouds have their full number. */
const FULL_PARTICLES = 50_000

/**
 * Builds the whole game: planet, moons, asteroid field, two fleets that are shooting already, exhausts. Nothing in it
 * depends on the clock or on `Math.random`: the same options give the same game.
 */
export async function createGalacticWars(options: GalaxyOptions = {}): Promise<Galaxy> {
  const settings = withDefaults(options)
  const physics = await createPhysics(physicsOptions(settings))
  const random = createRandom(settings.seed)
  const grid = createSphereGrid(settings.asteroids + settings.ships, PLAN_RADIUS)
  const asteroids = planAsteroids(settings.asteroids, random, grid)
  const fleets = planFleets(settings.ships, random, grid)
  const volley = planVolley(settings.projectiles, fleets, random, grid)
  // Ships first: their columns lie close together.
  const planet = addPlanet(physics)
  const moons = addMoons(physics)
  const ships = addFleets(physics, fleets)
  const rocks = addAsteroids(physics, asteroids, random, settings.mutual)
  const shots = addVolley(physics, volley, random)
  const galaxy: Galaxy = {
    ...createGameComponents(entityCapacity(settings)),
    ...emptyState(settings),
    options: settings,
    physics,
    planet,
    moons,
    rocks,
    ships,
    ...splitFleets(fleets, ships),
    projectiles: [shots.subarray(0, volley.sizes[0]), shots.subarray(volley.sizes[0])],
    spent: new Uint32Array(volley.sizes[0]),
    rockWatch: createRockWatch(countLarge(asteroids.radius)),
    clouds: createClouds(physics),
    engines: createEngines(ships.length, fleets.capitals[0] + fleets.capitals[1], settings.particles),
    fittings: createFittings(entityCapacity(settings)),
  }
  assignRoles(galaxy)
  readyShips(galaxy, fleets)
  readyShots(galaxy, volley, shots)
  if (settings.particles > 0) fillExhausts(galaxy)
  addFittings(galaxy)
  return galaxy
}

/** Frees the physics memory. Harmless when called again. */
export function disposeGalaxy(galaxy: Galaxy): void {
  dispose(galaxy.physics)
}

function withDefaults(options: GalaxyOptions): Required<GalaxyOptions> {
  const settings = {
    ships: 500,
    asteroids: 25_000,
    projectiles: 15_000,
    particles: 50_000,
    seed: 1,
    threads: 'auto' as const,
    tier: 'auto' as const,
    mutual: false,
    ...options,
  }
  for (const name of ['ships', 'asteroids', 'projectiles', 'particles'] as const) {
    const value = settings[name]
    if (!Number.isInteger(value) || value < 0 || value > 1_000_000) {
      throw new RangeError(`createGalacticWars: ${name} must be an integer from 0 to 1,000,000, got ${value}`)
    }
  }
  if (settings.ships === 1) throw new RangeError('createGalacticWars: ships must be 0 or at least 2, got 1')
  // Nobody is there to fire them.
  if (settings.ships === 0) settings.projectiles = 0
  return settings
}

function entityCapacity(settings: Required<GalaxyOptions>): number {
  return settings.ships + settings.asteroids + settings.projectiles + nodesOf(settings) + 64
}

/** Capital ships and what hangs on them: one ship of 25 is one, and at least one a fleet. */
function nodesOf({ ships }: Required<GalaxyOptions>): number {
  return Math.ceil(CAPITAL.share * ships + 2) * NODES
}

function physicsOptions(settings: Required<GalaxyOptions>): Parameters<typeof createPhysics>[0] {
  const { ships, asteroids, projectiles, particles } = settings
  const { rocks, fighters, capitals, bolts } = INSTANCE_GROUPS
  const groups: Record<string, number> = { [INSTANCE_GROUPS.planet]: 1, [INSTANCE_GROUPS.moon]: MOONS.length }
  for (const name of rocks) groups[name] = Math.ceil(asteroids / rocks.length)
  for (const name of [...fighters, ...capitals]) groups[name] = Math.ceil(ships / 2)
  for (const name of bolts) groups[name] = Math.ceil(projectiles / 2)
  return {
    capacity: {
      entities: entityCapacity(settings),
      bodies: ships + asteroids + projectiles + 16,
      particles: Math.ceil(particles * 1.05) + 1024,
      contacts: 8192 + 4 * (asteroids + ships),
      emitters: 1,
      systems: SYSTEMS,
      nodes: Math.max(1, nodesOf(settings)),
      hits: 1024 + Math.ceil(projectiles / 2),
    },
    gravity: [0, 0, 0],
    longRange: { gravity: GRAVITY, softening: 1, minDistance: 0.5 },
    threads: settings.threads,
    tier: settings.tier,
    instanceGroups: groups,
  }
}

function emptyState(settings: Required<GalaxyOptions>) {
  return {
    frame: 0,
    dice: Uint32Array.of(settings.seed ^ 0x9e3779b9),
    moonPhase: moonPhases(),
    turns: new Uint32Array(4),
    shipGrid: createSphereGrid(settings.ships, SHIP_CELL / 2),
    bursts: createBurstQueue(),
    particleScale: Math.min(1, settings.particles / FULL_PARTICLES),
    casualties: createCasualties(),
    explosions: createExplosionList(),
    fight: { position: [BATTLE.x, BATTLE.y, BATTLE.z] as [number, number, number], heat: 0 },
    tally: emptyTally(),
  }
}

function emptyTally(): Tally {
  return {
    shots: 0,
    hits: 0,
    shipHits: 0,
    rockHits: 0,
    fighterKills: 0,
    capitalKills: 0,
    rockKills: 0,
    crashes: 0,
    droppedBursts: 0,
  }
}

/** How many rocks, from the front of the sorted radii, a pilot keeps clear of. */
function countLarge(radii: Float32Array): number {
  let count = 0
  while (count < radii.length && radii[count] > ROCK.watchedRadius) count++
  return count
}

function splitFleets(plan: FleetPlan, ships: Uint32Array): Pick<Galaxy, 'fleets' | 'capitals'> {
  const fleets = [ships.subarray(0, plan.sizes[0]), ships.subarray(plan.sizes[0])] as const
  const capitals = [fleets[0].subarray(0, plan.capitals[0]), fleets[1].subarray(0, plan.capitals[1])] as const
  return { fleets, capitals }
}

function assignRoles(galaxy: Galaxy): void {
  const { Role, Health, Ship } = galaxy
  const { world } = galaxy.physics
  Role.value[galaxy.planet] = ROLE.planet
  for (const eid of galaxy.moons) Role.value[eid] = ROLE.moon
  const { radius } = galaxy.physics.components.RigidBody
  for (const eid of galaxy.rocks) {
    Role.value[eid] = ROLE.rock
    Health.fullHull[eid] = ROCK.hullPerSquareMetre * radius[eid] * radius[eid]
    Health.hull[eid] = Health.fullHull[eid]
  }
  // Membership is for queries from outside; the systems go through the galaxy's own lists, which cost nothing.
  for (const eid of galaxy.ships) addComponents(world, eid, Role, Health, Ship)
}

function readyShips(galaxy: Galaxy, plan: FleetPlan): void {
  const { Ship, Role, Health } = galaxy
  const { spheres } = plan
  for (let i = 0; i < galaxy.ships.length; i++) {
    const eid = galaxy.ships[i]
    const fleet = i < plan.sizes[0] ? 0 : 1
    const capital = i - fleet * plan.sizes[0] < plan.capitals[fleet]
    Role.value[eid] = ROLE.ship
    Ship.fleet[eid] = fleet
    Ship.type[eid] = capital ? CAPITAL_TYPE : FIGHTER_TYPE
    const { hull, shield } = shipStrength(Ship.type[eid])
    Health.fullHull[eid] = hull
    Health.fullShield[eid] = shield
    // The fleets have been at it for a while: ships are in every state, and the flagships are near their end.
    const flagship = i === fleet * plan.sizes[0]
    const worn = flagship ? 0.03 + 0.06 * fleet : 0.05 + 0.95 * ((i * 0.618034) % 1)
    Health.hull[eid] = hull * worn
    Health.shield[eid] = worn < 0.3 ? 0 : shield * worn
    Ship.nose.x[eid] = fleet === 0 ? 1 : -1
    Ship.aim.x[eid] = Ship.nose.x[eid]
    Ship.up.y[eid] = 1
    Ship.expected.x[eid] = spheres.vx[i]
    Ship.expected.y[eid] = spheres.vy[i]
    Ship.expected.z[eid] = spheres.vz[i]
    Ship.ready[eid] = i % 9
  }
}

function readyShots(galaxy: Galaxy, plan: VolleyPlan, shots: Uint32Array): void {
  const { Role, Projectile } = galaxy
  for (let i = 0; i < shots.length; i++) {
    Role.value[shots[i]] = ROLE.projectile
    Projectile.fleet[shots[i]] = i < plan.sizes[0] ? 0 : 1
    Projectile.expires[shots[i]] = plan.left[i]
    Projectile.damage[shots[i]] = PROJECTILE.damage[FIGHTER_TYPE]
  }
}
