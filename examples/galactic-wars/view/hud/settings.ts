import GUI from 'lil-gui'
import type { Knobs } from '../knobs.ts'

/** Knobs that the panel sets, with its limits. */
const NUMBERS = [
  ['ships', 0, 2000, 10],
  ['asteroids', 0, 100_000, 500],
  ['projectiles', 0, 60_000, 500],
  ['particles', 0, 200_000, 1000],
  ['seed', 0, 9999, 1],
] as const

/**
 * A panel for the knobs of the address. They take effect when the page loads again.
 *
 * @param container where the panel goes
 */
export function createSettings(knobs: Knobs, container: HTMLElement): GUI {
  const gui = new GUI({ title: 'Settings', container })
  const values = { ...knobs, threads: String(knobs.threads) }
  for (const [name, low, high, step] of NUMBERS) gui.add(values, name, low, high, step)
  gui.add(values, 'threads', ['auto', '1', '2', '3', '4', '8'])
  gui.add(values, 'tier', ['auto', 'threads', 'simd', 'js'])
  gui.add(values, 'quality', ['auto', 'points', 'low', 'high'])
  gui.add(values, 'mutual').name('rocks attract')
  const apply = (): void => {
    const query = new URLSearchParams(location.search)
    for (const [name] of NUMBERS) query.set(name, String(values[name]))
    query.set('threads', values.threads)
    query.set('tier', values.tier)
    query.set('quality', values.quality)
    query.set('mutual', values.mutual ? '1' : '0')
    location.search = query.toString()
  }
  gui.add({ apply }, 'apply').name('Start anew with these')
  return gui
}
