import type { Instances } from 'manybody'
import {
  CustomBlending,
  type IUniform,
  Matrix4,
  type Mesh,
  OneFactor,
  PerspectiveCamera,
  type Points,
  Scene,
  ShaderMaterial,
  Vector2,
  WebGLRenderer,
  type WebGLRenderTarget,
} from 'three'
import { type Bake, createBake, createFullscreenMesh, paintBake } from '../../galactic-wars/view/bake.ts'
import { uploadsSharedMemory } from '../../galactic-wars/view/instance-buffer.ts'
import {
  attachInstances,
  type Drawn,
  drawPoints,
  type InstanceSet,
  updateInstances,
} from '../../galactic-wars/view/instance-set.ts'
import { readRendererName } from '../../galactic-wars/view/quality.ts'
import { createLightTarget, createPass, createPost, finishPicture, type Post, resizePost } from './post.ts'
import { chooseQuality, type Quality, type QualityName } from './quality.ts'
import { BACKDROP_FRAGMENT, GAS_FRAGMENT, GAS_VERTEX } from './shaders/gas.ts'
import { SKY_BAKE_FRAGMENT } from './shaders/sky.ts'
import { STAR_FRAGMENT, STAR_VERTEX } from './shaders/stars.ts'
import { createFarStars } from './sky.ts'

const FOV = 42
const NEAR = 0.1
const FAR = 400
/** The bodies stand for this much light together, however many there are. */
const FULL_COUNT = 52_000

/** Uniforms that the materials share: one object each, changed in place. */
export interface Measures {
  [name: string]: IUniform
  /** pixels of the target for one unit of length at distance 1: picture, and picture of the gas */
  pixels: IUniform<number>
  gasPixels: IUniform<number>
  /** pixels of the target per CSS pixel */
  density: IUniform<number>
  bySpeed: IUniform<number>
  gain: IUniform<number>
  gasGain: IUniform<number>
  swell: IUniform<number>
  rays: IUniform<Matrix4>
}

/** Names of the instance groups. */
export interface Cast {
  stars: string
  halo: string
}

/** The picture: everything three.js. It reads packed instances and knows nothing of how they move. */
export interface View {
  readonly canvas: HTMLCanvasElement
  readonly renderer: WebGLRenderer
  readonly rendererName: string
  readonly quality: Quality
  readonly camera: PerspectiveCamera
  readonly measures: Measures
  readonly set: InstanceSet
  /** drawn into `gas`, then, with it behind, `stars` */
  readonly gasScene: Scene
  readonly starScene: Scene
  readonly gas: WebGLRenderTarget
  readonly halo: Drawn
  readonly sky: Bake
  readonly post: Post
  /** the dark halo is shown */
  showHalo: boolean
  instances: Instances | null
  lost: boolean
}

/** @throws Error when the browser has no WebGL 2, or cannot draw to half floats */
export function createView(canvas: HTMLCanvasElement, cast: Cast, asked: QualityName | 'auto'): View {
  const renderer = new WebGLRenderer({ canvas, antialias: false, alpha: false, stencil: false, depth: false })
  const half =
    renderer.extensions.has('EXT_color_buffer_float') || renderer.extensions.has('EXT_color_buffer_half_float')
  if (!half) throw new Error('this browser cannot draw to half floats')
  renderer.autoClear = false
  renderer.setClearColor(0x000000, 0)
  const rendererName = readRendererName(renderer.getContext() as WebGL2RenderingContext)
  const quality = chooseQuality(asked, rendererName)
  const measures = createMeasures()
  const gas = createLightTarget()
  const sky = createBake(SKY_BAKE_FRAGMENT, quality.skyWidth, false)
  const parts = createParts(cast, { measures, gas, sky, quality })
  const view: View = {
    canvas,
    renderer,
    rendererName,
    quality,
    camera: new PerspectiveCamera(FOV, 1, NEAR, FAR),
    measures,
    gas,
    sky,
    ...parts,
    post: createPost(quality.glowLevels),
    showHalo: false,
    instances: null,
    lost: false,
  }
  watchContext(view)
  paintBake(renderer, sky)
  resizeView(view)
  return view
}

function createMeasures(): Measures {
  const number = (value: number): IUniform<number> => ({ value })
  return {
    pixels: number(1),
    gasPixels: number(1),
    density: number(1),
    bySpeed: number(0),
    gain: number(1),
    gasGain: number(1),
    swell: number(1),
    rays: { value: new Matrix4() },
  }
}

interface Sources {
  measures: Measures
  gas: WebGLRenderTarget
  sky: Bake
  quality: Quality
}

function createParts(
  cast: Cast,
  { measures, gas, sky, quality }: Sources,
): Pick<View, 'set' | 'gasScene' | 'starScene' | 'halo'> {
  const { pixels, gasPixels, density, bySpeed, gain, gasGain, swell, rays } = measures
  const gasUniforms = { pixels: gasPixels, bySpeed, swell, stride: { value: quality.gasStride } }
  const cloud = (): ShaderMaterial => createLight(GAS_VERTEX, GAS_FRAGMENT, gasUniforms)
  const clouds = drawPoints(cast.stars, cloud())
  const halo = drawPoints(cast.halo, cloud())
  const starUniforms = { pixels, density, bySpeed, gain, gas: { value: gas.texture } }
  const stars = drawPoints(cast.stars, createLight(STAR_VERTEX, STAR_FRAGMENT, starUniforms))
  const backdrop = createBackdrop({ sky: { value: sky.target.texture }, gas: { value: gas.texture }, rays, gasGain })
  const farStars = createFarStars(quality.farStars, measures)
  const gasScene = createScene(clouds.object as Points, halo.object as Points)
  const starScene = createScene(backdrop, farStars, stars.object as Points)
  for (const [i, object] of starScene.children.entries()) object.renderOrder = i
  return { set: { drawn: [clouds, halo, stars], buffers: [] }, gasScene, starScene, halo }
}

function createBackdrop(uniforms: Record<string, IUniform>): Mesh {
  return createFullscreenMesh(createPass(BACKDROP_FRAGMENT, uniforms, false))
}

function createScene(...objects: (Mesh | Points)[]): Scene {
  const scene = new Scene()
  scene.matrixWorldAutoUpdate = false
  scene.add(...objects)
  return scene
}

/** Light that adds up; alpha does as well. */
function createLight(vertex: string, fragment: string, uniforms: Record<string, IUniform>): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: vertex,
    fragmentShader: fragment,
    uniforms,
    transparent: true,
    depthTest: false,
    depthWrite: false,
    blending: CustomBlending,
    blendSrc: OneFactor,
    blendDst: OneFactor,
    blendSrcAlpha: OneFactor,
    blendDstAlpha: OneFactor,
  })
}

function watchContext(view: View): void {
  view.canvas.addEventListener('webglcontextlost', () => {
    view.lost = true
  })
  // three.js has made its state anew by now (its listener is older); buffers and programs follow at the next draw.
  view.canvas.addEventListener('webglcontextrestored', () => {
    paintBake(view.renderer, view.sky)
    view.lost = false
  })
}

/** Ties the view to packed instances, in place of those it showed before. @param count bodies in all */
export function attachView(view: View, instances: Instances, count: number): void {
  attachInstances(view.set, instances, uploadsSharedMemory(view.renderer.getContext() as WebGL2RenderingContext))
  view.instances = instances
  const share = FULL_COUNT / count
  view.measures.gain.value = Math.sqrt(share)
  view.measures.gasGain.value = share
  // Half of what would keep neighbours as many radii apart: arms stay narrow.
  view.measures.swell.value = Math.max(1, (share * view.quality.gasStride) ** 0.25)
}

const size = new Vector2()

/** Fits the drawing buffer to the canvas as it is laid out. */
export function resizeView(view: View): void {
  const { canvas, renderer, quality, camera, measures, post, gas } = view
  const width = Math.max(1, canvas.clientWidth)
  const height = Math.max(1, canvas.clientHeight)
  const wished = Math.min(window.devicePixelRatio || 1, quality.maxPixelRatio)
  const ratio = Math.min(wished, Math.sqrt(quality.maxPixels / (width * height)))
  renderer.setPixelRatio(ratio)
  renderer.setSize(width, height, false)
  camera.aspect = width / height
  camera.updateProjectionMatrix()
  renderer.getDrawingBufferSize(size)
  const pixels = size.y / (2 * Math.tan((camera.fov * Math.PI) / 360))
  measures.pixels.value = pixels
  measures.gasPixels.value = pixels / quality.gasShrink
  measures.density.value = ratio
  resizePost(post, size.x, size.y)
  gas.setSize(Math.ceil(size.x / quality.gasShrink), Math.ceil(size.y / quality.gasShrink))
}

/** Draws one frame from where the camera is. Allocates nothing itself. */
export function drawView(view: View): void {
  const { instances, renderer, camera, post, gas, measures } = view
  if (view.lost || instances === null) return
  updateInstances(view.set, instances)
  view.halo.object.visible &&= view.showHalo
  camera.updateMatrixWorld()
  // Directions only: the sky is infinitely far away.
  const rays = measures.rays.value.extractRotation(camera.matrixWorld)
  rays.multiply(camera.projectionMatrixInverse)
  renderer.setRenderTarget(gas)
  renderer.clear()
  renderer.render(view.gasScene, camera)
  renderer.setRenderTarget(post.picture)
  renderer.render(view.starScene, camera)
  finishPicture(post, renderer)
}
