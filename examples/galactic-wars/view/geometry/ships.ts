import { addHull, addSlab, createMeshBuilder, type MeshBuilder, type Section } from './mesh-builder.ts'
import type { Fin, Hull, ShipPlan, Wing } from './ship-plans.ts'

/** A ship model in units of its collision radius: the nose is at +z, the roof at +y. */
export interface ShipModel {
  mesh: MeshBuilder
  /** places and radii of the engine nozzles: x, y, z, radius */
  nozzles: [number, number, number, number][]
  /** half axes of the shield */
  shield: readonly number[]
}

/** Numbers of a section in a plan: z, half width, half height, x, y. */
const SECTION = 5

/** @param simple leaves the small parts out */
export function buildShip(plan: ShipPlan, simple: boolean): ShipModel {
  const mesh = createMeshBuilder()
  for (const part of plan.parts) {
    if (simple && part.small) continue
    for (const side of part.mirror ? [1, -1] : [1]) {
      if (part.kind === 'hull') addHullPart(mesh, part, side)
      else if (part.kind === 'wing') addWing(mesh, part, side)
      else addFin(mesh, part, side)
    }
  }
  return { mesh, nozzles: split(plan.nozzles, 4) as ShipModel['nozzles'], shield: plan.shield }
}

function addHullPart(mesh: MeshBuilder, part: Hull, side: number): void {
  const sections = split(part.sections, SECTION).map(([z, width, height, x, y]): Section => {
    return { z, width, height, x: x * side, y, bevel: part.bevel }
  })
  addHull(mesh, sections, part.paint, part.tail)
}

/** Flat parts: the outline gives x and z, `rise` lifts the tips. */
function addWing(mesh: MeshBuilder, { paint, outline, thickness, y, rise }: Wing, side: number): void {
  addSlab(mesh, paint, pairs(outline), thickness, (x, t, z) => [x * side, y + rise * x + t, z])
}

/** Upright parts: the outline gives y and z, `lean` moves the tips outwards. */
function addFin(mesh: MeshBuilder, { paint, outline, thickness, x, lean }: Fin, side: number): void {
  addSlab(mesh, paint, pairs(outline), thickness, (y, t, z) => [side * (x + lean * y) + t, y, z])
}

function split(numbers: readonly number[], size: number): number[][] {
  return Array.from({ length: numbers.length / size }, (_, i) => numbers.slice(i * size, (i + 1) * size))
}

function pairs(numbers: readonly number[]): [number, number][] {
  return split(numbers, 2) as [number, number][]
}
