import { addScaled, scale } from './vec.ts'
import type { ReferenceWorld } from './world.ts'

/** Drag, gravity, motion and age of the particles; the dead leave at once. Births are the kernel's (they draw lots). */
export function particles(world: ReferenceWorld, dt: number): void {
  for (const particle of world.particles) {
    const slowed = scale(particle.velocity, 1 / (1 + dt * particle.drag))
    particle.velocity = addScaled(slowed, world.gravity, dt * particle.gravityScale)
    particle.position = addScaled(particle.position, particle.velocity, dt)
    particle.life -= dt
  }
  world.particles = world.particles.filter((particle) => particle.life > 0)
}
