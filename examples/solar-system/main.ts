/** A solar system of frames within frames: the sun, planets, moons, rings, stations, their wheels, and what is docked there. */
import { frameStats, worldMatrix } from 'manybody'
import { paintBake } from '../galactic-wars/view/bake.ts'
import { createSky } from '../galactic-wars/view/kinds/sky.ts'
import { chooseQuality } from '../galactic-wars/view/quality.ts'
import { createScenery } from '../galactic-wars/view/scenery.ts'
import { attachNodes, createNodes, findRuns, type Nodes, updateNodes } from '../view/nodes.ts'
import { play } from '../view/play.ts'
import type { View } from '../view/view.ts'
import { HALO, HAVEN, KING, PLANETS } from './plan.ts'
import { createSolarSystem, updateSolarSystem } from './scene.ts'
import type { SolarSystem } from './system.ts'
import { createLooks, createUniforms } from './view/looks.ts'
import { createOrbits } from './view/orbits.ts'

const uniforms = createUniforms()
let nodes: Nodes
let changes = 0
/** Entity that the camera goes along with, and where it was. */
let followed = 0
const MATRIX = new Float64Array(16)
const before = [0, 0, 0]

/** Stars and mist; the sun is a thing of its own. */
function addSky(view: View): void {
  const quality = chooseQuality('high', '')
  const scenery = createScenery(1, { inner: 1, outer: 2, gap: 1.5, gapHalfWidth: 0.1 })
  scenery.sunColor.value.set(0, 0, 0)
  const sky = createSky({ quality, scenery })
  view.scene.add(...sky.objects)
  paintBake(view.renderer, sky.bake)
}

/** Where the camera stands: some way off, so far towards the sun, along the orbit and up. */
type Stand = readonly [distance: number, toSun: number, along: number, up: number]

/** Goes to an entity, and along with it from now on. */
function goTo(
  { physics }: SolarSystem,
  { camera, controls }: View,
  eid: number,
  [distance, toSun, along, up]: Stand,
): void {
  worldMatrix(physics, eid, MATRIX)
  followed = eid
  for (let k = 0; k < 3; k++) before[k] = MATRIX[12 + k]!
  const far = Math.hypot(before[0]!, before[2]!)
  const [x, z] = far < 1 ? [0, -1] : [-before[0]! / far, -before[2]! / far]
  controls.target.fromArray(before)
  camera.position
    .set(x * toSun - z * along, up, z * toSun + x * along)
    .setLength(distance)
    .add(controls.target)
}

/** Brings what the picture needs of the system up to date, after each step. */
function follow(system: SolarSystem, { camera, controls, renderer }: View): void {
  const { physics } = system
  if (changes !== system.changes) findRuns(nodes)
  changes = system.changes
  updateNodes(nodes)
  for (const [i, seat] of system.seats.entries()) {
    worldMatrix(physics, seat, MATRIX)
    const radius = PLANETS[i]!.radius
    uniforms.planets.value[i]!.set(MATRIX[12]!, MATRIX[13]!, MATRIX[14]!, radius)
    uniforms.rings.value[i]!.set(MATRIX[4]!, MATRIX[5]!, MATRIX[6]!, PLANETS[i]!.ring?.inner ?? 0)
  }
  uniforms.time.value = (frameStats(physics).steps / 60) % 1000
  uniforms.pixel.value = (2 * Math.tan((camera.fov * Math.PI) / 360)) / renderer.domElement.height
  if (!followed) return
  worldMatrix(physics, followed, MATRIX)
  for (let k = 0; k < 3; k++) {
    const moved = MATRIX[12 + k]! - before[k]!
    controls.target.setComponent(k, controls.target.getComponent(k) + moved)
    camera.position.setComponent(k, camera.position.getComponent(k) + moved)
    before[k] = MATRIX[12 + k]!
  }
}

const planet = (code: number, i: number, stand: Stand): Keys => ({
  [`Digit${code}`]: [`${code}`, PLANETS[i]!.name, (system, view) => goTo(system, view, system.seats[i]!, stand)],
})
type Keys = NonNullable<Parameters<typeof play<SolarSystem>>[0]['keys']>

await play<SolarSystem>({
  look: {
    title: 'Solar system',
    eye: [60, 70, 190],
    target: [0, 0, 0],
    reach: 250,
    far: 4000,
    empty: true,
    dark: true,
    groups: {},
    glow: { knee: 1.5, strength: 0.3 },
    exposure: 0.72,
  },
  create: createSolarSystem,
  update: updateSolarSystem,
  ball: null,
  dress(view) {
    addSky(view)
    view.scene.add(createOrbits())
    nodes = createNodes(view.scene, createLooks(uniforms))
  },
  show(system, view) {
    attachNodes(nodes, system.physics.transforms, system, view.direct)
    goTo(system, view, system.seats[HALO]!, [34, 0.12, -0.9, 0.3])
  },
  follow,
  keys: {
    Digit1: ['1', 'all of it', (system, view) => goTo(system, view, system.sun, [330, 0.9, 0.3, 0.42])],
    Digit2: ['2', 'the sun', (system, view) => goTo(system, view, system.sun, [60, 0.9, 0.3, 0.16])],
    ...planet(3, HAVEN, [8, 0.55, 0.9, 0.25]),
    ...planet(4, KING, [30, 0.7, -0.8, 0.2]),
    ...planet(5, HALO, [34, 0.12, -0.9, 0.3]),
    Digit6: ['6', 'a station', (system, view) => goTo(system, view, system.stations[1]!, [1.3, 0.7, 0.8, 0.5])],
    Digit7: [
      '7',
      'a shuttle',
      (system, view) => goTo(system, view, system.shuttles.ships[0]!.eid, [1.2, 0.6, 0.5, 0.4]),
    ],
    Digit8: ['8', 'a comet', (system, view) => goTo(system, view, system.comets[0]!, [7, -0.3, 0.8, 0.3])],
  },
})
