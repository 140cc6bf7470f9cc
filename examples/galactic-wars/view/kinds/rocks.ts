import { Vector2, Vector3 } from 'three'
import { createBillboard } from '../geometry/quads.ts'
import { createRockGeometry, ROCK_SHAPES } from '../geometry/rock.ts'
import { type Drawn, drawMesh, drawPoints } from '../instance-set.ts'
import { createMaterial, qualityDefines, type ViewContext } from '../material.ts'
import type { RockLevel } from '../quality.ts'
import { IMPOSTOR_FRAGMENT, IMPOSTOR_VERTEX, ROCK_FRAGMENT, ROCK_VERTEX } from '../shaders/rock.ts'

/** Albedo of the four rock shapes: ochre, umber, rust and a cooler grey. */
const COLORS = [
  [0.4, 0.275, 0.165],
  [0.3, 0.215, 0.15],
  [0.39, 0.215, 0.12],
  [0.31, 0.26, 0.215],
] as const

/** Stands for "no limit" in a float uniform. */
const HUGE = 1e9

/** All rocks of some groups, one per shape: meshes by level of detail where they are near, impostors where they are far. */
export function createRocks(context: ViewContext, groups: readonly string[]): Drawn[] {
  return groups.flatMap((group, i) => createRocksOf(context, group, i % ROCK_SHAPES))
}

function createRocksOf(context: ViewContext, group: string, shape: number): Drawn[] {
  const { quality } = context
  const drawn = quality.rocks.map((level) => createLevel(context, group, shape, level))
  const material = createMaterial(context, {
    vertex: IMPOSTOR_VERTEX,
    fragment: IMPOSTOR_FRAGMENT,
    uniforms: levelUniforms(shape, 0, quality.impostorBelow, HUGE),
    defines: qualityDefines(quality),
  })
  drawn.push(quality.points ? drawPoints(group, material) : drawMesh(group, createBillboard(), material))
  return drawn
}

function createLevel(context: ViewContext, group: string, shape: number, level: RockLevel): Drawn {
  const material = createMaterial(context, {
    vertex: ROCK_VERTEX,
    fragment: ROCK_FRAGMENT,
    uniforms: levelUniforms(shape, level.from, level.to, level.fine),
  })
  const drawn = drawMesh(group, createRockGeometry(shape, level.detail), material)
  return { ...drawn, first: level.first, end: level.end }
}

function levelUniforms(shape: number, from: number, to: number, fine: number) {
  return {
    rockColor: { value: new Vector3(...COLORS[shape]) },
    sizes: { value: new Vector2(from, Math.min(to, HUGE)) },
    fineCount: { value: fine },
  }
}
