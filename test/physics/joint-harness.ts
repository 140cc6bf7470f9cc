/** What the tests of joints share. */
import { addBody, addJoint, type BodyDesc, type JointDesc, type JointId, type Physics } from 'manybody'

/** A small static body at a point, to hang things from. */
export function pivot(physics: Physics, position: [number, number, number] = [0, 0, 0]): number {
  return addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 0.1 }, position, mask: 0 })
}

/** A ball that touches nothing. */
export function bob(physics: Physics, position: number[], more: Partial<BodyDesc> = {}): number {
  return addBody(physics, { shape: { type: 'sphere', radius: 0.2 }, mass: 1, mask: 0, position, ...more })
}

/** A chain of balls from the origin along x, a metre a link; the last one of mass `end`. */
export function chain(physics: Physics, links: number, end: number): { bodies: number[]; joints: JointId[] } {
  const bodies = [pivot(physics)]
  const joints: JointId[] = []
  for (let k = 0; k < links; k++) {
    const mass = k === links - 1 ? end : 1
    bodies.push(bob(physics, [0, -k - 0.5, 0], { mass, shape: { type: 'sphere', radius: 0.4 } }))
    joints.push(addJoint(physics, { type: 'ball', a: bodies[k], b: bodies[k + 1], anchor: [0, -k, 0] }))
  }
  return { bodies, joints }
}

/** Kinetic and potential energy of a ball about y = 0. */
export function energyOf({ components }: Physics, eid: number, gravity: number, radius = 0.2): number {
  const { LinearVelocity: v, AngularVelocity: w, Mass, Position } = components
  const { [eid]: m } = Mass.value
  const square = (c: typeof v): number => c.x[eid] ** 2 + c.y[eid] ** 2 + c.z[eid] ** 2
  return 0.5 * m * square(v) + 0.2 * m * radius * radius * square(w) + m * gravity * Position.y[eid]
}

/** Adds many joints. */
export function addJoints(physics: Physics, descs: JointDesc[]): JointId[] {
  return descs.map((desc) => addJoint(physics, desc))
}
