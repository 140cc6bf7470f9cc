import { addBody, type Physics } from 'manybody'
import { exactCos, exactSin } from '../../../scenes/exact-math.ts'
import { GROUP, INSTANCE_GROUPS, MASK, MOONS, ORBIT_GM, PLANET } from '../constants.ts'

/** Adds the planet: static, at the origin, a source of gravity. */
export function addPlanet(physics: Physics): number {
  return addBody(physics, {
    type: 'static',
    shape: { type: 'sphere', radius: PLANET.radius },
    mass: PLANET.mass,
    attracts: true,
    friction: 0.9,
    group: GROUP.world,
    mask: MASK.solid,
    instanceGroup: INSTANCE_GROUPS.planet,
  })
}

/** Adds the moons: kinematic, so that nothing pushes them off their paths; sources of gravity. */
export function addMoons(physics: Physics): Uint32Array {
  return Uint32Array.from(MOONS, (moon) =>
    addBody(physics, {
      type: 'kinematic',
      position: moonPosition(moon, exactCos(moon.phase), exactSin(moon.phase), [0, 0, 0]),
      shape: { type: 'sphere', radius: moon.radius },
      mass: moon.mass,
      attracts: true,
      friction: 0.9,
      group: GROUP.world,
      mask: MASK.solid,
      instanceGroup: INSTANCE_GROUPS.moon,
    }),
  )
}

/** Cosine and sine of every moon's first place. */
export function moonPhases(): Float64Array {
  return Float64Array.from(MOONS.flatMap((moon) => [exactCos(moon.phase), exactSin(moon.phase)]))
}

/** Angle a moon on a circular orbit goes in one second. */
export function moonRate(distance: number): number {
  return Math.sqrt(ORBIT_GM / (distance * distance * distance))
}

/** Writes a moon's place on its tilted circle into `out`. */
export function moonPosition(
  moon: { distance: number; tilt: number },
  cosine: number,
  sine: number,
  out: [number, number, number],
): [number, number, number] {
  out[0] = moon.distance * cosine
  out[1] = moon.distance * moon.tilt * cosine
  out[2] = moon.distance * sine
  return out
}
