import { createPhysics, type Physics, type PhysicsOptions } from 'manybody'
import { loadRigidScene } from '../../examples/scenes/rigid-load.ts'
import { capacityOf, type SceneData } from '../../examples/scenes/scene.ts'

/** A world that holds just this scene, and the entity ids of its bodies in the scene's order. */
export async function createSceneWorld(
  scene: SceneData,
  options: Partial<PhysicsOptions> = {},
): Promise<{ physics: Physics; eids: Uint32Array }> {
  const { gravity, longRange, sleeping = false } = scene
  const sleep = sleeping ? {} : (false as const)
  const physics = await createPhysics({ gravity, longRange, sleep, capacity: capacityOf(scene), ...options })
  return { physics, eids: loadRigidScene(physics, scene) }
}
