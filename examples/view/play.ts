import { type AdvanceResult, dispose, type Physics, packInstances } from 'manybody'
import { type Throw, throwBall } from './throw.ts'
import { createView, type Key, type Look, runLoop, showWorld, type View } from './view.ts'

/** A small example: what it looks like, how its scene is made and stepped, and what a click throws. */
export interface Example<Scene extends { physics: Physics }> {
  look: Look
  create(): Promise<Scene>
  /** Steps the scene. What it gives tells which share of the last step is shown. */
  update(scene: Scene, seconds: number): AdvanceResult | undefined
  /** None: a click throws nothing. Default a ball of iron. */
  ball?: Throw | null
  /** Adds what is drawn and is no body. */
  dress?(view: View): void
  /** Ties what was added to a scene: at the start and after each reset. */
  show?(scene: Scene, view: View): void
  /** Draws what hangs on bodies, after each step. */
  follow?(scene: Scene, view: View): void
  /** Keys of its own, by `KeyboardEvent.code`: what is on the key, what it does, and how. */
  keys?: Readonly<Record<string, readonly [key: string, does: string, press: (scene: Scene, view: View) => void]>>
}

/** Shows an example for ever: R makes its scene anew, a click throws a ball. */
export async function play<Scene extends { physics: Physics }>(example: Example<Scene>): Promise<void> {
  const { look, create, update, ball, dress, show, follow, keys = {} } = example
  const own: Record<string, Key> = {}
  for (const [code, [key, does, press]] of Object.entries(keys))
    own[code] = { key, does, press: () => press(scene, view) }
  const view = createView(look, own, ball !== null)
  dress?.(view)
  let scene = await create()
  showWorld(view, scene.physics)
  show?.(scene, view)
  view.onReset = async () => {
    const old = scene
    scene = await create()
    showWorld(view, scene.physics)
    show?.(scene, view)
    dispose(old.physics)
  }
  if (ball !== null) view.onThrow = (ray) => throwBall(scene.physics, ray, ball)
  runLoop(view, (seconds) => {
    const done = update(scene, seconds)
    packInstances(scene.physics, { alpha: done?.alpha ?? 1 })
    follow?.(scene, view)
  })
}
