import type { Instances, Shape } from 'manybody'
import {
  Color,
  DoubleSide,
  InstancedBufferGeometry,
  type Material,
  Mesh,
  MeshDepthMaterial,
  MeshStandardMaterial,
  RGBADepthPacking,
  type Scene,
  type WebGLProgramParametersWithUniforms,
} from 'three'
import {
  bindInstances,
  createInstanceBuffer,
  type InstanceBuffer,
  uploadInstances,
} from '../galactic-wars/view/instance-buffer.ts'
import { createGeometry } from './geometry.ts'

/** How an instance group is drawn: one draw call, whatever the number of bodies. */
export interface GroupLook {
  /** What its bodies are; spheres of a group may differ in size. */
  shape: Shape
  /** Whether its bodies have the scale of each axis from the kernel: the shape is the one at scale 1. */
  scaled?: boolean
  /** CSS colours; a body's `tint` is the number of its colour, and the fraction how much darker it is. */
  colors: readonly string[]
  /** A stripe of this colour about the middle of each body, to see it turn. */
  stripe?: string
  /** 0 … 1. Default 0.6. */
  roughness?: number
  /** 0 … 1. Default 0. */
  metalness?: number
}

/** A group that is drawn, and the GPU's copy of its instances. */
export interface Group {
  readonly name: string
  readonly mesh: Mesh<InstancedBufferGeometry>
  readonly scaled: boolean
  /** Poses, and scales where the group has them. */
  buffers: InstanceBuffer[]
}

const MAX_COLORS = 16

/** The shader's own part: a body is turned by its quaternion and put where the kernel packed it. */
const DECLARATIONS = /* glsl */ `
attribute vec4 pose;
attribute vec4 turn;
attribute vec4 motion;
#if SCALED == 1
attribute vec4 size;
vec3 scaled(vec3 v) { return v * size.xyz; }
vec3 unscaled(vec3 v) { return normalize(v / size.xyz); }
#else
vec3 scaled(vec3 v) { return SPHERE == 1 ? v * pose.w : v; }
vec3 unscaled(vec3 v) { return v; }
#endif
varying vec3 vPlace;
varying float vTint;
vec3 turned(vec3 v) { return v + 2.0 * cross(turn.xyz, cross(turn.xyz, v) + turn.w * v); }
`
const NORMAL = 'vec3 objectNormal = turned(unscaled(normal));'
const PLACE = /* glsl */ `
vPlace = position;
vTint = motion.w;
vec3 transformed = turned(scaled(position)) + pose.xyz;
`
const PAINT_DECLARATIONS = /* glsl */ `
uniform vec3 palette[${MAX_COLORS}];
uniform vec4 stripe;
varying vec3 vPlace;
varying float vTint;
`
const PAINT = /* glsl */ `
float number = floor(vTint + 1e-3);
diffuseColor.rgb = palette[int(number)] * (1.0 - 0.4 * max(0.0, vTint - number));
float edge = abs(vPlace.y) - stripe.w;
float soft = max(fwidth(edge), 1e-4);
diffuseColor.rgb = mix(stripe.rgb, diffuseColor.rgb, smoothstep(-soft, soft, edge));
`

/** Makes the draw call of a group and adds it to the scene. */
export function createGroup(scene: Scene, name: string, look: GroupLook): Group {
  const base = createGeometry(look.shape)
  const geometry = new InstancedBufferGeometry()
  geometry.setIndex(base.index)
  for (const attribute of ['position', 'normal']) geometry.setAttribute(attribute, base.getAttribute(attribute))
  const level = look.shape.type === 'mesh'
  const material = new MeshStandardMaterial({
    roughness: look.roughness ?? 0.6,
    metalness: look.metalness ?? 0,
    ...(level ? { side: DoubleSide, shadowSide: DoubleSide } : {}),
  })
  const depth = new MeshDepthMaterial({ depthPacking: RGBADepthPacking })
  for (const one of [material, depth]) patch(one, look)
  const mesh = new Mesh(geometry, material)
  mesh.customDepthMaterial = depth
  mesh.castShadow = true
  mesh.receiveShadow = true
  // Places come from the instances: bounds computed from the geometry would be wrong.
  mesh.frustumCulled = false
  mesh.visible = false
  scene.add(mesh)
  return { name, mesh, scaled: look.scaled === true, buffers: [] }
}

/** Gives a material of three.js the instances of the kernel, in place of its own matrices. */
function patch(material: Material, { shape, scaled, colors, stripe }: GroupLook): void {
  const sphere = shape.type === 'sphere' ? 1 : 0
  const palette = Array.from({ length: MAX_COLORS }, (_, i) => new Color(colors[i % colors.length]))
  const band = new Color(stripe ?? '#fff')
  const width = stripe ? 0.22 : -1
  material.defines = { ...material.defines, SPHERE: sphere, SCALED: scaled ? 1 : 0 }
  material.onBeforeCompile = (shader: WebGLProgramParametersWithUniforms) => {
    shader.uniforms.palette = { value: palette }
    shader.uniforms.stripe = { value: [band.r, band.g, band.b, width] }
    shader.vertexShader =
      DECLARATIONS +
      shader.vertexShader.replace('#include <beginnormal_vertex>', NORMAL).replace('#include <begin_vertex>', PLACE)
    if (!(material instanceof MeshStandardMaterial)) return
    shader.fragmentShader = PAINT_DECLARATIONS + shader.fragmentShader.replace('#include <color_fragment>', PAINT)
  }
}

/** Ties the groups to a world's packed instances, in place of those they showed. */
export function attachGroups(groups: readonly Group[], instances: Instances, direct: boolean): void {
  for (const group of groups) {
    const block = instances.groups[group.name]
    if (!block) throw new Error(`the world has no instance group ${group.name}`)
    group.buffers = [createInstanceBuffer(block, true, direct)]
    if (group.scaled) {
      const { scales, capacity } = block
      if (!scales) throw new Error(`the instance group ${group.name} packs no scales`)
      const sizes = {
        data: scales,
        stride: 4,
        capacity,
        get count(): number {
          return block.count
        },
      }
      group.buffers.push(createInstanceBuffer(sizes, true, direct))
    }
    for (const buffer of group.buffers) bindInstances(group.mesh.geometry, buffer)
  }
}

/** Sends what was packed to the GPU at the next draw. Allocates nothing. */
export function updateGroups(groups: readonly Group[]): void {
  for (const { mesh, buffers } of groups) {
    for (const buffer of buffers) uploadInstances(buffer)
    const count = buffers[0]?.block.count ?? 0
    mesh.geometry.instanceCount = count
    mesh.visible = count > 0
  }
}
