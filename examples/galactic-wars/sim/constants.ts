/** Numbers of the game world. SI units throughout: metres, kilograms, seconds; y is up, the planet is at the origin. */

/** The one time step of the game, s. */
export const FIXED_DT = 1 / 60
/** Steps a second. */
export const STEP_RATE = 60

/** Constant of gravity of this small galaxy, m³/(kg·s²): rock of ordinary density makes orbits of 10–25 m/s. */
export const GRAVITY = 1e-3
export const PLANET = { radius: 400, mass: 4.375e8 } as const
/** G·M of the planet: orbital speed is √(ORBIT_GM / distance), 25 m/s at 700 m. */
export const ORBIT_GM = GRAVITY * PLANET.mass

/** The asteroid field: a thick ring about the planet, densest in a belt under the battle. */
export const FIELD = {
  inner: 720,
  outer: 1360,
  /** largest height of an orbit over the plane */
  height: 62,
  /** part of the rocks in the belt; its middle and half width. A belt lasts, a cloud is sheared apart in a minute. */
  beltShare: 0.55,
  belt: 1020,
  beltHalfWidth: 110,
  /** empty ring that the smallest moon keeps clear: centre and half width */
  gap: 1175,
  gapHalfWidth: 38,
  /** part of the rocks that begin in a cloud about the battle, and its half angle */
  arcShare: 0.3,
  arcHalfAngle: 0.7,
} as const

/** Moons on circular paths; the last one herds the gap in the asteroid field. Angles in radians. */
export const MOONS = [
  { radius: 70, mass: 6e6, distance: 1720, phase: -0.5, tilt: 0.06 },
  { radius: 115, mass: 1.5e7, distance: 2350, phase: -2.35, tilt: -0.14 },
  { radius: 30, mass: 2e5, distance: FIELD.gap, phase: 0.75, tilt: 0 },
] as const

export const ROCK = {
  minRadius: 0.6,
  maxRadius: 14,
  density: 1.6,
  hullPerSquareMetre: 3,
  /** pilots keep clear of rocks larger than this, m; smaller ones they ram */
  watchedRadius: 1.1,
} as const

/** Middle of the battle, above the field, and half axes of the space that the fighters keep to. */
export const BATTLE = { x: 0, y: 112, z: 1030, reachX: 420, reachY: 125, reachZ: 320 } as const
/** Direction of the battle seen from the planet (angle in the orbit plane, from +x towards +z). */
export const BATTLE_ANGLE = Math.PI / 2

/** Fleet 0 comes from −x, fleet 1 from +x. */
export const FLEET_COUNT = 2
/** Amber and blue, linear RGB: told apart by people with any common colour blindness. */
export const FLEET_COLORS = [
  [1, 0.52, 0.08],
  [0.12, 0.46, 1],
] as const

export const FIGHTER = {
  radius: 3,
  mass: 113,
  hull: 60,
  shield: 40,
  slow: 30,
  cruise: 52,
  dash: 72,
  /** largest acceleration of its engines, m/s² */
  thrust: 58,
  /** steps between two salvos of its twin guns */
  reload: 9,
  range: 430,
  /** cosine of the largest angle between nose and shot */
  cone: 0.95,
  spread: 0.018,
} as const
export const CAPITAL = {
  radius: 12,
  mass: 7240,
  hull: 3600,
  shield: 400,
  cruise: 9,
  dash: 12,
  thrust: 7,
  range: 650,
  spread: 0.03,
  /** part of a fleet's ships */
  share: 0.04,
} as const
/** Shield points a second that come back. */
export const SHIELD_RECHARGE = 4
/** Reinforcements arrive at `speed`, `distance` metres before the middle of the battle, and brake with `brake` m/s². */
export const WARP = { speed: 270, distance: 720, brake: 70, steps: 180 } as const

export const PROJECTILE = {
  radius: 0.1,
  mass: 0.2,
  /** m/s on top of the ship's own velocity */
  speed: 150,
  /** life in steps: 5 s */
  life: 300,
  damage: [2.4, 3.4],
} as const

/** Collision groups. A ship meets everything but its own fleet's shots. */
export const GROUP = { world: 1, rock: 2, fleet: [4, 8], shot: [16, 32] } as const
const SOLID = GROUP.world | GROUP.rock | GROUP.fleet[0] | GROUP.fleet[1]
export const MASK = {
  solid: 0xffffffff,
  fleet: [SOLID | GROUP.shot[1], SOLID | GROUP.shot[0]],
  shot: [GROUP.world | GROUP.rock | GROUP.fleet[1], GROUP.world | GROUP.rock | GROUP.fleet[0]],
} as const

/** Names of the instance groups: one draw call each. */
export const INSTANCE_GROUPS = {
  planet: 'planet',
  moon: 'moon',
  rocks: ['rockA', 'rockB', 'rockC', 'rockD'],
  fighters: ['fighterA', 'fighterB'],
  capitals: ['capitalA', 'capitalB'],
  bolts: ['boltA', 'boltB'],
} as const

/** Part of the particles that is engine exhaust; the rest is fire, sparks, debris and dust. */
export const EXHAUST = { share: 0.28, minLife: 0.3, maxLife: 0.9 } as const
export const DUST = { minLife: 2, maxLife: 6 } as const
