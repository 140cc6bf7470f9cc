import { BoxGeometry, type BufferGeometry, CylinderGeometry, PlaneGeometry, type Scene, Vector3 } from 'three'
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js'
import { createNodes, type NodeLook, type Nodes } from '../../../view/nodes.ts'
import { ORDER } from '../instance-set.ts'
import { createMaterial, type ViewContext } from '../material.ts'
import { BARREL_FRAGMENT, FITTING_VERTEX, LAMP_FRAGMENT, LAMP_VERTEX } from '../shaders/fitting.ts'

/** What hangs on ships, by the number of its kind: lamps, turrets, barrels. */
export function createFittingNodes(context: ViewContext, scene: Scene, colors: readonly (readonly number[])[]): Nodes {
  const fleets = { value: colors.map(([r, g, b]) => new Vector3(r, g, b)) }
  const steel = createMaterial(context, {
    vertex: FITTING_VERTEX,
    fragment: BARREL_FRAGMENT,
    uniforms: { fleets },
  })
  const light = createMaterial(context, {
    vertex: LAMP_VERTEX,
    fragment: LAMP_FRAGMENT,
    uniforms: { fleets },
    blend: 'add',
  })
  const looks: (NodeLook | undefined)[] = [
    undefined,
    { geometry: new PlaneGeometry(2, 2), material: light, order: ORDER.glow },
    { geometry: createTurret(), material: steel },
    { geometry: createBarrels(), material: steel },
  ]
  return createNodes(scene, looks)
}

/** A low drum with a wedge of armour; the nose is +z. */
function createTurret(): BufferGeometry {
  const drum = new CylinderGeometry(0.85, 1, 0.35, 10).translate(0, 0.17, 0)
  const house = new CylinderGeometry(0.5, 0.72, 0.5, 6).scale(1, 1, 1.25).translate(0, 0.55, -0.05)
  return merge([drum, house])
}

/** Two barrels along +z. */
function createBarrels(): BufferGeometry {
  return merge(
    [-0.3, 0.3].flatMap((x) => [
      new CylinderGeometry(0.085, 0.11, 2.4, 8).rotateX(Math.PI / 2).translate(x, 0, 1.3),
      new BoxGeometry(0.3, 0.3, 0.7).translate(x, 0, 0.2),
    ]),
  )
}

/** One geometry with flat faces. */
function merge(parts: BufferGeometry[]): BufferGeometry {
  const flat = parts.map((part) => part.toNonIndexed())
  const merged = mergeGeometries(flat)
  merged.deleteAttribute('uv')
  merged.computeVertexNormals()
  return merged
}
