import {
  BackSide,
  Color,
  DirectionalLight,
  Fog,
  HemisphereLight,
  Mesh,
  MeshStandardMaterial,
  PlaneGeometry,
  PMREMGenerator,
  Scene,
  ShaderMaterial,
  SphereGeometry,
  type WebGLRenderer,
} from 'three'
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js'

/** Where everything happens: ground, sky and light. */
export interface StageLook {
  /** m: what the sun's shadows reach, about `target`. */
  reach: number
  /** CSS colour of the ground. Default a warm grey. */
  ground?: string
  /** CSS colour of the sky overhead, and at the horizon. */
  sky?: string
  horizon?: string
  /** Where the sun is, seen from the target. Default from the right, behind the camera. */
  sun?: readonly [number, number, number]
  /** How bright sun and sky are: 0.1 is a night with a moon. Default 1. */
  light?: number
  /** m: where one looks. */
  target: readonly [number, number, number]
}

const SKY_RADIUS = 400
const TILE = 2

/** Fills a scene with ground, sky and light. */
export function createStage(renderer: WebGLRenderer, look: StageLook, shadowSize: number): Scene {
  const { ground = '#b9b2a6', sky = '#7fa8cf', horizon = '#dfe6ea', light = 1 } = look
  const scene = new Scene()
  scene.fog = new Fog(horizon, 5 * look.reach, 16 * look.reach)
  const room = new PMREMGenerator(renderer)
  scene.environment = room.fromScene(new RoomEnvironment(), 0.04).texture
  scene.environmentIntensity = 0.4 * light
  room.dispose()
  scene.add(createSky(sky, horizon), createGround(ground))
  scene.add(new HemisphereLight(sky, ground, 0.7 * light))
  const sun = createSun(look, shadowSize)
  scene.add(sun, sun.target)
  return scene
}

function createSun(
  { reach, target, sun = [0.55, 1, 0.6], light: bright = 1 }: StageLook,
  shadowSize: number,
): DirectionalLight {
  const light = new DirectionalLight('#fff1dc', 2.7 * bright)
  const [x, y, z] = target
  light.target.position.set(x, y, z)
  light.position
    .set(...sun)
    .setLength(3 * reach)
    .add(light.target.position)
  light.castShadow = true
  const { camera, mapSize } = light.shadow
  mapSize.set(shadowSize, shadowSize)
  camera.left = camera.bottom = -reach
  camera.right = camera.top = reach
  camera.near = reach
  camera.far = 5 * reach
  light.shadow.bias = -2e-4
  light.shadow.normalBias = 0.02
  light.shadow.radius = 2.5
  return light
}

/** A dome from the horizon's colour, which is the fog's, to the sky's. */
function createSky(sky: string, horizon: string): Mesh {
  const material = new ShaderMaterial({
    uniforms: { sky: { value: new Color(sky) }, horizon: { value: new Color(horizon) } },
    vertexShader: /* glsl */ `
varying vec3 ray;
void main() {
  ray = position;
  gl_Position = projectionMatrix * mat4(mat3(viewMatrix)) * vec4(position, 1.0);
}`,
    fragmentShader: /* glsl */ `
uniform vec3 sky;
uniform vec3 horizon;
varying vec3 ray;
void main() {
  gl_FragColor = vec4(mix(horizon, sky, smoothstep(0.0, 0.75, normalize(ray).y)), 1.0);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}`,
    side: BackSide,
    depthWrite: false,
    fog: false,
  })
  const dome = new Mesh(new SphereGeometry(SKY_RADIUS, 32, 16), material)
  dome.frustumCulled = false
  dome.renderOrder = -1
  return dome
}

/** A floor of tiles that fades into the fog. */
function createGround(color: string): Mesh {
  const material = new MeshStandardMaterial({ color, roughness: 0.9 })
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('void main() {', 'varying vec2 vFloor;\nvoid main() {')
      .replace('#include <begin_vertex>', '#include <begin_vertex>\nvFloor = position.xy;')
    shader.fragmentShader = shader.fragmentShader
      .replace('void main() {', 'varying vec2 vFloor;\nvoid main() {')
      .replace(
        '#include <color_fragment>',
        /* glsl */ `
vec2 tile = vFloor / ${TILE.toFixed(1)};
vec2 width = max(fwidth(tile), 1e-5);
vec2 seam = abs(fract(tile - 0.5) - 0.5) / width;
float line = 1.0 - clamp(min(seam.x, seam.y) - 0.3, 0.0, 1.0);
float even = mod(floor(tile.x) + floor(tile.y), 2.0);
float fade = 1.0 - smoothstep(0.1, 0.5, max(width.x, width.y));
diffuseColor.rgb *= 1.0 - fade * (0.12 * line + 0.035 * even);
`,
      )
  }
  const floor = new Mesh(new PlaneGeometry(2 * SKY_RADIUS, 2 * SKY_RADIUS), material)
  floor.rotation.x = -Math.PI / 2
  floor.receiveShadow = true
  return floor
}
