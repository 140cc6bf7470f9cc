import { createPhysics, type Physics, type PhysicsOptions } from 'manybody'
import { capacityOf, loadScene, type SceneData } from '../../examples/scenes/scene.ts'

/** A world that holds just this scene, and the entity ids of its spheres in the scene's order. */
export async function createSceneWorld(
  scene: SceneData,
  options: Partial<PhysicsOptions> = {},
): Promise<{ physics: Physics; eids: Uint32Array }> {
  const { gravity, longRange } = scene
  const physics = await createPhysics({ gravity, longRange, capacity: capacityOf(scene), ...options })
  return { physics, eids: loadScene(physics, scene) }
}
