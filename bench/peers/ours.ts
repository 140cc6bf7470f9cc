/** This package behind the same small surface as the engines it is compared with. */
import { bodyCount, castRays, dispose, isAsleep, type Physics, packInstances, step } from 'manybody'
import { bodiesOf, type RayData, type SceneData } from '../../examples/scenes/scene.ts'
import { createSceneWorld } from '../harness/world.ts'
import type { Peer, PeerOptions, PeerWorld } from './peer.ts'

/** The one instance group; groups are numbered from 1 in the column, 0 is not drawn. */
const GROUP = 'bodies'
const GROUP_NUMBER = 1
/** Floats before the quaternion of an instance: position and scale. */
const QUATERNION_AT = 4

/** All rays in one call, on all threads. */
function rayCaster(physics: Physics): NonNullable<PeerWorld['castRays']> {
  let entities = new Uint32Array(0)
  return (rays: RayData, distances) => {
    if (entities.length < rays.count) entities = new Uint32Array(rays.count)
    castRays(physics, rays, { entities, distances })
  }
}

async function load(scene: SceneData, { threads = 1, tier }: PeerOptions = {}): Promise<PeerWorld> {
  const instanceGroups = { [GROUP]: bodiesOf(scene) }
  const { physics, eids } = await createSceneWorld(scene, { threads, tier: tier ?? 'auto', instanceGroups })
  const { instanceGroup } = physics.components.RigidBody
  for (const eid of eids) instanceGroup[eid] = GROUP_NUMBER
  const block = physics.instances.groups[GROUP]
  return {
    bodies: bodyCount(physics),
    threads: physics.backend.threads,
    tier: physics.backend.tier,
    transformStride: block.stride,
    orientation: { kind: 'quaternion', at: QUATERNION_AT },
    step: (dt) => step(physics, dt),
    readTransforms() {
      packInstances(physics)
      return block.data
    },
    asleep: () => eids.reduce((sum, eid) => sum + (isAsleep(physics, eid) ? 1 : 0), 0),
    castRays: rayCaster(physics),
    dispose: () => dispose(physics),
  }
}

/** Ours; `readTransforms` packs what a renderer uploads and hands out the kernel's own memory. */
export const ours: Peer = { name: 'manybody', load }

/** Ours on one thread, beside the other in the same run. */
export const oursAlone: Peer = { name: 'manybody-1', load: (scene, options) => load(scene, { ...options, threads: 1 }) }
