/** This package behind the same small surface as the engines it is compared with. */
import { bodyCount, dispose, packInstances, step } from 'manybody'
import { createSceneWorld } from '../harness/world.ts'
import type { Peer, PeerWorld } from './peer.ts'

/** The one instance group; groups are numbered from 1 in the column, 0 is not drawn. */
const GROUP = 'spheres'
const GROUP_NUMBER = 1

/** Ours; `readTransforms` packs what a renderer uploads and hands out the kernel's own memory. */
export const ours: Peer = {
  name: 'manybody',
  async load(scene, { threads = 1, tier = 'auto' as const } = {}): Promise<PeerWorld> {
    const instanceGroups = { [GROUP]: scene.spheres.count }
    const { physics, eids } = await createSceneWorld(scene, { threads, tier, instanceGroups })
    const { instanceGroup } = physics.components.RigidBody
    for (const eid of eids) instanceGroup[eid] = GROUP_NUMBER
    const block = physics.instances.groups[GROUP]
    return {
      bodies: bodyCount(physics),
      threads: physics.backend.threads,
      tier: physics.backend.tier,
      transformStride: block.stride,
      step: (dt) => step(physics, dt),
      readTransforms() {
        packInstances(physics)
        return block.data
      },
      dispose: () => dispose(physics),
    }
  },
}
