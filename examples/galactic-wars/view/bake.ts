import {
  BufferAttribute,
  BufferGeometry,
  ClampToEdgeWrapping,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  OrthographicCamera,
  RepeatWrapping,
  ShaderMaterial,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three'
import { FULLSCREEN_VERTEX } from './shaders/sky.ts'

const camera = new OrthographicCamera(-1, 1, 1, -1, 0, 1)

/** One triangle that covers the target. */
export function createFullscreenTriangle(): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.of(-1, -1, 0, 3, -1, 0, -1, 3, 0), 3))
  return geometry
}

/** A mesh for `drawFullscreen`. */
export function createFullscreenMesh(material: ShaderMaterial): Mesh {
  const mesh = new Mesh(createFullscreenTriangle(), material)
  mesh.frustumCulled = false
  mesh.matrixAutoUpdate = false
  return mesh
}

/** Runs a fragment shader over a whole target, or over the canvas. */
export function drawFullscreen(renderer: WebGLRenderer, mesh: Mesh, target: WebGLRenderTarget | null): void {
  renderer.setRenderTarget(target)
  renderer.render(mesh, camera)
}

/** A picture that is painted once by a shader. */
export interface Bake {
  target: WebGLRenderTarget
  mesh: Mesh
}

/**
 * Prepares a map of longitude (width) and latitude (half as high).
 *
 * @param mipmaps for surfaces; a sky is never seen from farther away, and would show a seam
 */
export function createBake(fragment: string, width: number, mipmaps: boolean): Bake {
  const target = new WebGLRenderTarget(width, width / 2, {
    depthBuffer: false,
    generateMipmaps: mipmaps,
    magFilter: LinearFilter,
    minFilter: mipmaps ? LinearMipmapLinearFilter : LinearFilter,
    wrapS: RepeatWrapping,
    wrapT: ClampToEdgeWrapping,
    anisotropy: mipmaps ? 4 : 1,
  })
  const material = new ShaderMaterial({ vertexShader: FULLSCREEN_VERTEX, fragmentShader: fragment, depthTest: false })
  return { target, mesh: createFullscreenMesh(material) }
}

/** Hands the program to the driver. */
export function compileBake(renderer: WebGLRenderer, { target, mesh }: Bake): void {
  renderer.setRenderTarget(target)
  renderer.compile(mesh, camera)
  renderer.setRenderTarget(null)
}

/** Paints it; once more after the graphics context was lost. */
export function paintBake(renderer: WebGLRenderer, { target, mesh }: Bake): void {
  drawFullscreen(renderer, mesh, target)
  renderer.setRenderTarget(null)
}
