import { type AdvanceResult, dispose, type Physics, packInstances } from 'manybody'
import { type Throw, throwBall } from './throw.ts'
import { createView, type Look, runLoop, showWorld, type View } from './view.ts'

/** A small example: what it looks like, how its scene is made and stepped, and what a click throws. */
export interface Example<Scene extends { physics: Physics }> {
  look: Look
  create(): Promise<Scene>
  /** Steps the scene. What it gives tells which share of the last step is shown. */
  update(scene: Scene, seconds: number): AdvanceResult | undefined
  ball?: Throw
  /** Adds what is drawn and is no body. */
  dress?(view: View): void
  /** Draws what hangs on bodies, after each step. */
  follow?(scene: Scene): void
}

/** Shows an example for ever: R makes its scene anew, a click throws a ball. */
export async function play<Scene extends { physics: Physics }>(example: Example<Scene>): Promise<void> {
  const { look, create, update, ball, dress, follow } = example
  const view = createView(look)
  dress?.(view)
  let scene = await create()
  showWorld(view, scene.physics)
  view.onReset = async () => {
    const old = scene
    scene = await create()
    showWorld(view, scene.physics)
    dispose(old.physics)
  }
  view.onThrow = (ray) => throwBall(scene.physics, ray, ball)
  runLoop(view, (seconds) => {
    const done = update(scene, seconds)
    packInstances(scene.physics, { alpha: done?.alpha ?? 1 })
    follow?.(scene)
  })
}
