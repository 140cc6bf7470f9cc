import type { InstanceBlock } from 'manybody'
import { InstancedBufferAttribute, type Mesh } from 'three'
import { createBillboard } from './geometry/quads.ts'
import { drawMesh, ORDER } from './instance-set.ts'
import { createMaterial, type ViewContext } from './material.ts'
import type { Scenery } from './scenery.ts'
import { FLASH_FRAGMENT, FLASH_VERTEX } from './shaders/flash.ts'
import { FLASH_COUNT } from './shaders/light.ts'

/** The last explosions, as the game lists them. */
export interface Explosions {
  readonly capacity: number
  readonly total: number
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly z: ArrayLike<number>
  readonly strength: ArrayLike<number>
  /** step at which it went off */
  readonly frame: ArrayLike<number>
}

const STRIDE = 8
/** Seconds after which nothing of a flash is left. */
const LIFE = 1.6
/** Light falls to 1/e in this time, s, for an explosion of strength 1. */
const DECAY = 0.16
const MAX_FLASHES = 64
const STEPS_A_SECOND = 60

export interface Flashes {
  mesh: Mesh
  block: InstanceBlock
  attributes: InstancedBufferAttribute[]
  /** light of the explosions that are lamps now, strongest first */
  power: Float32Array
}

/** A bright sprite and a thin shock front for each explosion, and lamps for the strongest. */
export function createFlashes(context: ViewContext): Flashes {
  const material = createMaterial(context, { vertex: FLASH_VERTEX, fragment: FLASH_FRAGMENT, blend: 'add' })
  const geometry = createBillboard()
  const attributes = ['spot', 'look'].map((name) => {
    const attribute = new InstancedBufferAttribute(new Float32Array(MAX_FLASHES * 4), 4)
    geometry.setAttribute(name, attribute)
    return attribute
  })
  const mesh = drawMesh('', geometry, material, ORDER.glow).object as Mesh
  const block = { data: new Float32Array(0), stride: STRIDE, capacity: MAX_FLASHES, count: 0 }
  return { mesh, block, attributes, power: new Float32Array(FLASH_COUNT) }
}

/**
 * Brings flashes and lamps up to date. Looks at the few dozen listed explosions only.
 *
 * @param step the game's step counter; with `alpha`, the time that is shown
 */
export function updateFlashes(
  flashes: Flashes,
  scenery: Scenery,
  list: Explosions,
  now: { step: number; alpha: number; origin: ArrayLike<number> },
): void {
  const [spot, look] = flashes.attributes
  const count = Math.min(list.total, list.capacity, MAX_FLASHES)
  flashes.power.fill(0)
  for (let i = 0; i < FLASH_COUNT; i++) scenery.flashColors.value[i].set(0, 0, 0)
  let drawn = 0
  for (let i = 0; i < count; i++) {
    const age = (now.step - list.frame[i] + now.alpha - 1) / STEPS_A_SECOND
    const strength = list.strength[i]
    if (age < 0 || age > LIFE) continue
    const x = list.x[i] - now.origin[0]
    const y = list.y[i] - now.origin[1]
    const z = list.z[i] - now.origin[2]
    spot.setXYZW(drawn, x, y, z, strength)
    look.setXYZW(drawn, age, i * 0.37, 0, 0)
    drawn++
    const power = Math.sqrt(strength) * Math.exp(-age / (DECAY * (0.7 + 0.3 * strength)))
    keepLamp(flashes, scenery, power, x, y, z, strength)
  }
  spot.needsUpdate = true
  look.needsUpdate = true
  flashes.mesh.visible = drawn > 0
  setInstanceCount(flashes.mesh, drawn)
}

function setInstanceCount(mesh: Mesh, count: number): void {
  const geometry = mesh.geometry as ReturnType<typeof createBillboard>
  geometry.instanceCount = count
}

/** Puts an explosion in the place of the weakest lamp if it is stronger. */
function keepLamp(flashes: Flashes, scenery: Scenery, power: number, x: number, y: number, z: number, s: number): void {
  let weakest = 0
  for (let i = 1; i < FLASH_COUNT; i++) if (flashes.power[i] < flashes.power[weakest]) weakest = i
  if (power <= flashes.power[weakest]) return
  flashes.power[weakest] = power
  scenery.flashes.value[weakest].set(x, y, z, 55 * Math.sqrt(s))
  scenery.flashColors.value[weakest].set(9 * power, 4.6 * power, 1.9 * power)
}
