import { Vector3 } from 'three'
import { createGlowGeometry } from '../geometry/glow.ts'
import { buildGeometry } from '../geometry/mesh-builder.ts'
import { CAPITAL_A, CAPITAL_B, FIGHTER_A, FIGHTER_B } from '../geometry/ship-plans.ts'
import { buildShip } from '../geometry/ships.ts'
import { type Drawn, drawMesh, ORDER } from '../instance-set.ts'
import { createMaterial, qualityDefines, type ViewContext } from '../material.ts'
import { GLOW_FRAGMENT, GLOW_VERTEX, SHIP_FRAGMENT, SHIP_VERTEX } from '../shaders/ship.ts'

/** One class of ships of one fleet. */
export interface ShipClass {
  group: string
  capital: boolean
  fleet: number
  /** linear red, green, blue */
  color: readonly [number, number, number]
}

/** Bare hull of each fleet: bone white and gun metal, so that silhouettes differ in tone as well. */
const HULLS = [
  [0.46, 0.41, 0.34],
  [0.1, 0.155, 0.25],
] as const
/** Plates along one unit of the model. */
const PANELS = { fighter: 5, capital: 7 }

/** Fighter and capital ship of each fleet. */
const PLANS = [
  [FIGHTER_A, CAPITAL_A],
  [FIGHTER_B, CAPITAL_B],
] as const

/** The ships of a class: hulls, and the light of their engines and shields. */
export function createShips(context: ViewContext, ship: ShipClass): Drawn[] {
  const plan = PLANS[ship.fleet % PLANS.length][ship.capital ? 1 : 0]
  const model = buildShip(plan, context.quality.points)
  const color = { value: new Vector3(...ship.color) }
  const hull = createMaterial(context, {
    vertex: SHIP_VERTEX,
    fragment: SHIP_FRAGMENT,
    uniforms: {
      fleetColor: color,
      hullColor: { value: new Vector3(...HULLS[ship.fleet % HULLS.length]) },
      panel: { value: ship.capital ? PANELS.capital : PANELS.fighter },
    },
    defines: qualityDefines(context.quality),
  })
  const glow = createMaterial(context, {
    vertex: GLOW_VERTEX,
    fragment: GLOW_FRAGMENT,
    uniforms: { fleetColor: color },
    blend: 'add',
    side: 2,
  })
  return [
    drawMesh(ship.group, buildGeometry(model.mesh), hull),
    drawMesh(
      ship.group,
      createGlowGeometry(model, context.quality.shieldDetail + (ship.capital ? 1 : 0)),
      glow,
      ORDER.glow,
    ),
  ]
}
