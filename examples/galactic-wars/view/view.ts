import type { Instances, Physics } from 'manybody'
import { ACESFilmicToneMapping, PerspectiveCamera, type Quaternion, Scene, Vector2, WebGLRenderer } from 'three'
import { attachNodes, type Cast as NodeCast, type Nodes, updateNodes } from '../../view/nodes.ts'
import { compileBake, paintBake } from './bake.ts'
import { createFlashes, type Explosions, type Flashes, updateFlashes } from './flashes.ts'
import { uploadsSharedMemory } from './instance-buffer.ts'
import { attachInstances, type InstanceSet, updateInstances } from './instance-set.ts'
import { createBolts } from './kinds/bolts.ts'
import { createFittingNodes } from './kinds/fittings.ts'
import { createMoons, createPlanet, type Planet, spinPlanet } from './kinds/heavens.ts'
import { createParticles } from './kinds/particles.ts'
import { createRocks } from './kinds/rocks.ts'
import { createShips, type ShipClass } from './kinds/ships.ts'
import { createSky, type Sky } from './kinds/sky.ts'
import type { Post } from './post.ts'
import { chooseQuality, type Quality, type QualityName, readRendererName } from './quality.ts'
import { createScenery, measurePixels, type RingShape, type Scenery } from './scenery.ts'

const FOV = 45
const NEAR = 0.4
const FAR = 9000
const EXPOSURE = 0.62

/** What there is to draw: names of the instance groups and a few measures of the world. */
export interface Cast {
  planetRadius: number
  ring: RingShape
  rocks: readonly string[]
  moon: string
  ships: readonly ShipClass[]
  bolts: readonly { group: string; color: readonly [number, number, number] }[]
}

/** What is shown in one frame. One record, refilled by the caller. */
export interface Shot {
  /** place of the camera in the world, metres */
  origin: ArrayLike<number>
  look: Quaternion
  /** steps of the game so far, and the share of the last one that is shown */
  step: number
  alpha: number
  explosions: Explosions
}

/** The picture: everything three.js. It reads packed instances and knows nothing of the game's rules. */
export interface View {
  readonly canvas: HTMLCanvasElement
  readonly renderer: WebGLRenderer
  readonly rendererName: string
  readonly quality: Quality
  readonly scene: Scene
  readonly camera: PerspectiveCamera
  readonly scenery: Scenery
  readonly set: InstanceSet
  readonly planet: Planet
  readonly sky: Sky
  readonly flashes: Flashes
  /** null where everything small is left out */
  readonly fittings: Nodes | null
  post: Post | null
  instances: Instances | null
  /** the graphics context is gone at the moment */
  lost: boolean
}

/**
 * Makes the renderer, all geometry and all materials, and lets the driver compile. Needs no game yet: `attachView`
 * brings the instances.
 *
 * @throws Error when the browser has no WebGL 2
 */
export async function createView(canvas: HTMLCanvasElement, cast: Cast, asked: QualityName | 'auto'): Promise<View> {
  const gl = openContext(canvas, asked)
  const rendererName = readRendererName(gl)
  const quality = chooseQuality(asked, rendererName)
  const renderer = new WebGLRenderer({ canvas, context: gl })
  renderer.toneMapping = ACESFilmicToneMapping
  renderer.toneMappingExposure = EXPOSURE
  renderer.setClearColor(0x000000, 1)
  renderer.info.autoReset = false
  // Asking for logs waits for the driver, program by program.
  renderer.debug.checkShaderErrors = import.meta.env.DEV
  const context = { quality, scenery: createScenery(cast.planetRadius, cast.ring) }
  const planet = createPlanet(context)
  const sky = createSky(context)
  const flashes = createFlashes(context)
  const drawn = [
    ...createRocks(context, cast.rocks),
    ...createMoons(context, cast.moon),
    ...cast.ships.flatMap((ship) => createShips(context, ship)),
    ...cast.bolts.flatMap(({ group, color }) => createBolts(context, group, color)),
    ...createParticles(context),
  ]
  const scene = new Scene()
  scene.matrixWorldAutoUpdate = false
  scene.add(...drawn.map(({ object }) => object), ...planet.meshes, ...sky.objects, flashes.mesh)
  const camera = new PerspectiveCamera(FOV, 1, NEAR, FAR)
  const set = { drawn, buffers: [] }
  const { scenery } = context
  const fleets = cast.bolts.map(({ color }) => color)
  const fittings = quality.points ? null : createFittingNodes(context, scene, fleets)
  const parts = { canvas, renderer, rendererName, quality, scene, camera, scenery, set, planet, sky, flashes, fittings }
  const view: View = { ...parts, post: null, instances: null, lost: false }
  if (quality.post) await addPost(view)
  watchContext(view)
  resizeView(view)
  await compile(view)
  return view
}

function openContext(canvas: HTMLCanvasElement, asked: QualityName | 'auto'): WebGL2RenderingContext {
  const gl = canvas.getContext('webgl2', {
    // The page asks for the same ones while the modules load. The post chain has multisampling of its own.
    antialias: asked === 'low',
    alpha: false,
    stencil: false,
    powerPreference: 'high-performance',
  })
  if (!gl) throw new Error('this browser has no WebGL 2')
  return gl as WebGL2RenderingContext
}

async function addPost(view: View): Promise<void> {
  const { canPost, createPost } = await import('./post.ts')
  if (canPost(view.renderer)) view.post = createPost()
}

/** Hands all programs to the driver. Nothing here waits for it: that would cost the time in which the game is built. */
async function compile(view: View): Promise<void> {
  const { renderer, scene, camera, post, planet, sky } = view
  compileBake(renderer, planet.bake)
  compileBake(renderer, sky.bake)
  renderer.setRenderTarget(post?.target ?? null)
  if (renderer.extensions.has('KHR_parallel_shader_compile')) await renderer.compileAsync(scene, camera)
  else renderer.compile(scene, camera)
  renderer.setRenderTarget(null)
}

/**
 * Looks the uniforms of all programs up. Each look waits until the driver has linked the program and done whatever was
 * asked of it before: best before there is anything to draw.
 */
function readPrograms(renderer: WebGLRenderer): void {
  for (const program of renderer.info.programs ?? []) program.getUniforms()
}

function paintBakes({ renderer, planet, sky }: View): void {
  paintBake(renderer, planet.bake)
  paintBake(renderer, sky.bake)
}

function watchContext(view: View): void {
  const { canvas } = view
  canvas.addEventListener('webglcontextlost', () => {
    view.lost = true
  })
  // three.js has made its state anew by now (its listener is older); buffers and programs follow at the next draw.
  canvas.addEventListener('webglcontextrestored', () => {
    paintBakes(view)
    view.lost = false
  })
}

/** Ties the view to a game's packed instances, in place of those it showed before. */
export function attachView(view: View, { instances, transforms }: Physics, cast: NodeCast): void {
  const direct = uploadsSharedMemory(view.renderer.getContext() as WebGL2RenderingContext)
  attachInstances(view.set, instances, direct)
  if (view.fittings) attachNodes(view.fittings, transforms, cast, direct)
  if (view.instances === null) {
    readPrograms(view.renderer)
    paintBakes(view)
  }
  view.instances = instances
}

const size = new Vector2()

/** Fits the drawing buffer to the canvas as it is laid out. */
export function resizeView(view: View): void {
  const { canvas, renderer, quality, camera, scenery, post } = view
  const width = Math.max(1, canvas.clientWidth)
  const height = Math.max(1, canvas.clientHeight)
  const wished = Math.min(window.devicePixelRatio || 1, quality.maxPixelRatio)
  const ratio = Math.min(wished, Math.sqrt(quality.maxPixels / (width * height)))
  renderer.setPixelRatio(ratio)
  renderer.setSize(width, height, false)
  camera.aspect = width / height
  // A narrow window shows the same width of the scene as a square one, not a slit of it.
  camera.fov = camera.aspect < 1 ? verticalFov(FOV, camera.aspect) : FOV
  camera.updateProjectionMatrix()
  renderer.getDrawingBufferSize(size)
  measurePixels(scenery, size, camera.fov, ratio)
  post?.resize(size.x, size.y)
}

function verticalFov(across: number, aspect: number): number {
  const half = Math.tan((across * Math.PI) / 360) / Math.max(aspect, 0.4)
  return Math.min(85, (Math.atan(half) * 360) / Math.PI)
}

/** Draws one frame. Allocates nothing itself. */
export function drawView(view: View, shot: Shot): void {
  const { instances, scenery, renderer, scene, camera, planet, flashes } = view
  if (view.lost || instances === null) return
  const { origin } = shot
  const seconds = (shot.step + shot.alpha) / 60
  const centre = scenery.planet.value
  centre.set(-origin[0], -origin[1], -origin[2], centre.w)
  scenery.time.value = seconds % 1000
  scenery.eye.value.set(origin[0], origin[1], origin[2])
  spinPlanet(planet, seconds)
  updateFlashes(flashes, scenery, shot.explosions, shot)
  updateInstances(view.set, instances)
  if (view.fittings) updateNodes(view.fittings)
  // The renderer brings the camera's matrices up to date.
  camera.quaternion.copy(shot.look)
  renderer.info.reset()
  if (view.post) view.post.render(renderer, scene, camera)
  else renderer.render(scene, camera)
}
