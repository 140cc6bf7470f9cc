import type { Galaxy } from '../../sim/index.ts'
import type { Triple } from './angles.ts'
import type { Subjects } from './rig.ts'

/** Seconds that the picture is behind the end of the last step. */
export interface Delay {
  seconds: number
}

/** What the camera follows, read from the game's own columns and shown as late as the packed instances are. */
export function createSubjects(galaxy: Galaxy, centre: Triple, planetRadius: number, delay: Delay): Subjects {
  const { Position, Rotation, LinearVelocity, RigidBody } = galaxy.physics.components
  return {
    centre,
    planetRadius,
    shipCount: galaxy.ships.length,
    fight(out) {
      const { position } = galaxy.fight
      for (let i = 0; i < 3; i++) out[i] = position[i]
    },
    ship(index, place, nose, up) {
      const eid = galaxy.ships[index]
      place[0] = Position.x[eid] - LinearVelocity.x[eid] * delay.seconds
      place[1] = Position.y[eid] - LinearVelocity.y[eid] * delay.seconds
      place[2] = Position.z[eid] - LinearVelocity.z[eid] * delay.seconds
      const [x, y, z, w] = [Rotation.x[eid], Rotation.y[eid], Rotation.z[eid], Rotation.w[eid]]
      // Third and second column of the rotation matrix: nose and roof.
      nose[0] = 2 * (x * z + w * y)
      nose[1] = 2 * (y * z - w * x)
      nose[2] = 1 - 2 * (x * x + y * y)
      up[0] = 2 * (x * y - w * z)
      up[1] = 1 - 2 * (x * x + z * z)
      up[2] = 2 * (y * z + w * x)
      return RigidBody.radius[eid]
    },
  }
}
