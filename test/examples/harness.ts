/** What the tests of the small examples share. */
import { dispose, type Physics } from 'manybody'
import { afterEach } from 'vitest'

const worlds: Physics[] = []
afterEach(() => {
  for (const physics of worlds.splice(0)) dispose(physics)
})

/** Ends a scene's world after the test. */
export function keep<T extends { physics: Physics }>(scene: T): T {
  worlds.push(scene.physics)
  return scene
}

/** Frames of a sixtieth of a second. */
export function run<T>(scene: T, update: (scene: T, seconds: number) => unknown, seconds: number): void {
  for (let frames = Math.round(60 * seconds); frames > 0; frames--) update(scene, 1 / 60)
}
