import { type PerspectiveCamera, Spherical, Vector3 } from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'

/** Where the camera stands at a time of the encounter: distance, angle from the zenith, rad, angle about it, rad. */
type Key = readonly [time: number, distance: number, polar: number, azimuth: number]

const KEYS: readonly Key[] = [
  [0, 24, 1.05, 1.3],
  [6, 20, 0.98, 1.45],
  [10.5, 17.5, 0.88, 1.6],
  [13, 19, 0.8, 1.72],
  [18, 26.5, 0.72, 1.95],
  [24, 30, 0.76, 2.25],
  [31, 24, 0.92, 2.65],
  [38, 20, 1.05, 3.05],
  [50, 25, 1.0, 3.7],
]
/** After the last key the camera goes on around. */
const DRIFT = 0.045

/** Moves the camera along its keys until somebody takes it in hand. */
export interface Director {
  readonly camera: PerspectiveCamera
  readonly controls: OrbitControls
  /** the keys hold; else the orbit controls do */
  leads: boolean
  /** how far it has come back to the keys, 0 … 1 */
  grip: number
}

/** Seconds in which the camera finds back to its keys. */
const RETURN = 2.5

/** @param element what takes drags and wheels */
export function createDirector(camera: PerspectiveCamera, element: HTMLElement): Director {
  const controls = new OrbitControls(camera, element)
  controls.enableDamping = true
  controls.dampingFactor = 0.06
  controls.autoRotate = true
  controls.autoRotateSpeed = 0.35
  controls.minDistance = 1.5
  controls.maxDistance = 90
  const director = { camera, controls, leads: true, grip: 1 }
  controls.addEventListener('start', () => {
    release(director)
  })
  return director
}

/** Lets the keys hold again, gently, or lets them go. */
export function toggleLead(director: Director): void {
  if (director.leads) release(director)
  else director.leads = true
}

function release(director: Director): void {
  director.leads = false
  director.grip = 0
}

const spherical = new Spherical()
const place = new Vector3()

/** @param time of the encounter, natural units  @param seconds since the last frame */
export function directCamera(director: Director, time: number, seconds: number): void {
  const { camera, controls } = director
  if (!director.leads) {
    controls.update(seconds)
    return
  }
  readKeys(time, spherical)
  // A tall window sees the same width.
  spherical.radius *= Math.max(1, 1.35 / camera.aspect)
  director.grip = Math.min(1, director.grip + seconds / RETURN)
  controls.target.multiplyScalar(1 - director.grip)
  camera.position.lerp(place.setFromSpherical(spherical), director.grip * director.grip)
  camera.lookAt(controls.target)
}

function readKeys(time: number, out: Spherical): void {
  const last = KEYS[KEYS.length - 1]
  if (time >= last[0]) {
    out.set(last[1], last[2], last[3] + DRIFT * (time - last[0]))
    return
  }
  const next = KEYS.findIndex((key) => key[0] > time)
  const at = (i: number): Key => KEYS[Math.min(Math.max(i, 0), KEYS.length - 1)]
  const share = (time - at(next - 1)[0]) / (at(next)[0] - at(next - 1)[0])
  const blend = (column: 1 | 2 | 3): number =>
    hermite([at(next - 2), at(next - 1), at(next), at(next + 1)], column, share)
  out.set(blend(1), blend(2), blend(3))
}

/** Cubic through the middle two of four keys, with the slopes that their neighbours suggest. */
function hermite([a, b, c, d]: readonly [Key, Key, Key, Key], column: 1 | 2 | 3, t: number): number {
  const span = c[0] - b[0]
  const slope = (from: Key, to: Key): number => (to[0] > from[0] ? (to[column] - from[column]) / (to[0] - from[0]) : 0)
  const begin = slope(a, c) * span
  const end = slope(b, d) * span
  const [t2, t3] = [t * t, t * t * t]
  return b[column] * (2 * t3 - 3 * t2 + 1) + begin * (t3 - 2 * t2 + t) + c[column] * (3 * t2 - 2 * t3) + end * (t3 - t2)
}
