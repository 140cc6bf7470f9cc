/**
 * The picture of the small examples: everything three.js. It draws packed instances straight from the kernel's memory and knows nothing of
 * how they move.
 */
import type { Physics } from 'manybody'
import { createDebugLines, type DebugObject } from 'manybody/three'
import { ACESFilmicToneMapping, NeutralToneMapping, PCFShadowMap, PerspectiveCamera, Scene, WebGLRenderer } from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { uploadsSharedMemory } from '../galactic-wars/view/instance-buffer.ts'
import { canPost, createPost, type Glow, type Post } from '../galactic-wars/view/post.ts'
import { readRendererName } from '../galactic-wars/view/quality.ts'
import { attachGroups, createGroup, type Group, type GroupLook, updateGroups } from './groups.ts'
import { createHud, type Hud, type Key, showFigures, updateHud } from './hud.ts'
import { listen } from './input.ts'
import { createStage, type StageLook } from './stage.ts'
import type { Ray } from './throw.ts'

export type { Key } from './hud.ts'

/** What an example looks like. */
export interface Look extends StageLook {
  title: string
  /** m: where the camera begins. */
  eye: readonly [number, number, number]
  /** How each instance group is drawn. */
  groups: Readonly<Record<string, GroupLook>>
  /** Light text on a dark picture. */
  dark?: boolean
  /** What is brighter than so much glows. Default nothing does. */
  glow?: Glow
  /** How much light the picture takes. Default 1. */
  exposure?: number
  /** Nothing but black: no ground, no sky, no light. Default false. */
  empty?: boolean
  /** m: the farthest that is drawn. Default 1,000. */
  far?: number
}

/** A picture, and what it shows. */
export interface View {
  readonly renderer: WebGLRenderer
  readonly scene: Scene
  readonly camera: PerspectiveCamera
  readonly controls: OrbitControls
  readonly groups: readonly Group[]
  readonly hud: Hud
  readonly keys: Readonly<Record<string, Key>>
  readonly post: Post | null
  /** uploads straight from shared memory */
  readonly direct: boolean
  physics: Physics | null
  debug: DebugObject | null
  showDebug: boolean
  paused: boolean
  /** single steps asked for while paused */
  pending: number
  frames: number
  onReset: () => unknown
  onThrow: (ray: Ray) => unknown
}

const FOV = 40
/** s: a frame that took longer counts as this. */
const LONGEST_FRAME = 0.1
const STEP = 1 / 60

/** Makes the picture. Nothing is drawn before `showWorld`. */
export function createView(look: Look, keys: Readonly<Record<string, Key>> = {}, throws = true): View {
  const renderer = new WebGLRenderer({ antialias: true, powerPreference: 'high-performance' })
  const gl = renderer.getContext() as WebGL2RenderingContext
  const soft = /swiftshader|llvmpipe|software/i.test(readRendererName(gl))
  const post = look.glow && canPost(renderer) ? createPost(look.glow) : null
  renderer.toneMapping = look.glow ? ACESFilmicToneMapping : NeutralToneMapping
  renderer.toneMappingExposure = look.exposure ?? 1
  renderer.shadowMap.enabled = true
  renderer.shadowMap.type = PCFShadowMap
  renderer.setPixelRatio(soft ? 1 : Math.min(2, window.devicePixelRatio))
  const scene = look.empty ? new Scene() : createStage(renderer, look, soft ? 1024 : 2048)
  const camera = new PerspectiveCamera(FOV, 1, 0.1, look.far ?? 1000)
  camera.position.set(...look.eye)
  const controls = new OrbitControls(camera, renderer.domElement)
  controls.target.set(...look.target)
  controls.enableDamping = true
  if (!look.empty) controls.maxPolarAngle = 0.49 * Math.PI
  controls.minDistance = look.empty ? 0.5 : 1
  controls.maxDistance = 6 * look.reach
  const view: View = {
    renderer,
    scene,
    camera,
    controls,
    groups: Object.entries(look.groups).map(([name, group]) => createGroup(scene, name, group)),
    hud: createHud(look.title, Object.values(keys), throws),
    keys,
    post,
    direct: uploadsSharedMemory(gl),
    physics: null,
    debug: null,
    showDebug: false,
    paused: false,
    pending: 0,
    frames: 0,
    onReset: () => {},
    onThrow: () => {},
  }
  document.body.classList.toggle('dark', look.dark === true)
  document.body.prepend(renderer.domElement)
  const resize = (): void => {
    camera.aspect = window.innerWidth / window.innerHeight
    camera.updateProjectionMatrix()
    renderer.setSize(window.innerWidth, window.innerHeight, false)
    post?.resize(renderer.domElement.width, renderer.domElement.height)
  }
  window.addEventListener('resize', resize)
  resize()
  listen(view)
  return view
}

/** Shows a world in place of the one before. */
export function showWorld(view: View, physics: Physics): void {
  view.physics = physics
  showFigures(view.hud, physics)
  attachGroups(view.groups, physics.instances, view.direct)
  if (view.debug) {
    view.scene.remove(view.debug)
    view.debug.geometry.dispose()
    view.debug = null
  }
}

/**
 * Draws each frame, for ever.
 * @param update steps the world by so many seconds, 0 while paused, and packs its instances
 */
export function runLoop(view: View, update: (seconds: number) => void): void {
  let last = performance.now()
  const onFrame = (now: number): void => {
    // Asked for first: one frame that fails must not be the last one.
    requestAnimationFrame(onFrame)
    const passed = Math.min(LONGEST_FRAME, Math.max(0, (now - last) / 1000))
    last = now
    const begin = performance.now()
    update(view.paused ? takeSteps(view) : passed)
    draw(view)
    updateHud(view.hud, now, performance.now() - begin)
  }
  requestAnimationFrame(onFrame)
  window.example = {
    view,
    skip: (seconds) => {
      for (let steps = Math.round(seconds / STEP); steps > 0; steps--) update(STEP)
    },
  }
}

/** Seconds of the single steps that are due while paused. */
function takeSteps(view: View): number {
  if (view.pending === 0) return 0
  view.pending--
  return STEP
}

function draw(view: View): void {
  const { physics, renderer, scene, camera, controls, post } = view
  if (!physics) return
  updateGroups(view.groups)
  drawDebug(view, physics)
  controls.update()
  if (post) post.render(renderer, scene, camera)
  else renderer.render(scene, camera)
  view.frames++
}

function drawDebug(view: View, physics: Physics): void {
  if (view.showDebug && !view.debug) {
    view.debug = createDebugLines(physics, { contacts: true, joints: true })
    view.scene.add(view.debug)
  }
  if (!view.debug) return
  view.debug.visible = view.showDebug
  if (view.showDebug) view.debug.update()
}

declare global {
  interface Window {
    /** What scripts see of a page: `skip` does steps without drawing them. */
    example: { view: View; skip: (seconds: number) => void }
  }
}
