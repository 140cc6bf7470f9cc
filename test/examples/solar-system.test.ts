import { frameStats, parentOf, worldMatrix } from 'manybody'
import { describe, expect, it } from 'vitest'
import { HALO, HAVEN, PLANETS, SHUTTLES } from '../../examples/solar-system/plan.ts'
import { createSolarSystem, updateSolarSystem } from '../../examples/solar-system/scene.ts'
import { KINDS, type SolarSystem } from '../../examples/solar-system/system.ts'
import { keep, run } from './harness.ts'

const MATRIX = new Float64Array(16)

function placeOf({ physics }: SolarSystem, eid: number): [number, number, number] {
  worldMatrix(physics, eid, MATRIX)
  return [MATRIX[12]!, MATRIX[13]!, MATRIX[14]!]
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, axis) => value - b[axis]!))

describe('solar system', () => {
  it('has the kernel’s matrix of every node where its ancestors put it', async () => {
    const system = keep(await createSolarSystem())
    run(system, updateSolarSystem, 2)
    const { entities, matrices, count } = system.physics.transforms
    expect(count).toBe(frameStats(system.physics).nodes)
    expect(count).toBeGreaterThan(20_000)
    for (let node = 0; node < count; node += 37) {
      const place = placeOf(system, entities[node]!)
      expect(distance(place, Array.from(matrices.subarray(16 * node + 12, 16 * node + 15)))).toBeLessThan(1e-3)
    }
  })

  it('brings a planet home after its year', async () => {
    const system = keep(await createSolarSystem())
    const seat = system.seats[HAVEN]!
    const start = placeOf(system, seat)
    updateSolarSystem(system, PLANETS[HAVEN]!.year / 2)
    expect(distance(start, placeOf(system, seat))).toBeCloseTo(2 * PLANETS[HAVEN]!.orbit, 2)
    updateSolarSystem(system, PLANETS[HAVEN]!.year / 2)
    expect(distance(start, placeOf(system, seat))).toBeLessThan(1e-3)
  })

  it('lets shuttles change their parent in flight without a jump', async () => {
    const system = keep(await createSolarSystem())
    const { ships, space } = system.shuttles
    let flown = 0
    let worst = 0
    const before = ships.map(({ eid }) => placeOf(system, eid))
    const parents = ships.map(({ eid }) => parentOf(system.physics, eid))
    for (let frame = 0; frame < 2400; frame++) {
      updateSolarSystem(system, 1 / 60)
      for (const [i, { eid }] of ships.entries()) {
        const place = placeOf(system, eid)
        const parent = parentOf(system.physics, eid)
        if (parent !== parents[i]) {
          flown++
          worst = Math.max(worst, distance(place, before[i]!))
        }
        before[i] = place
        parents[i] = parent
      }
    }
    expect(ships.length).toBe(SHUTTLES)
    expect(flown).toBeGreaterThan(100)
    // What a station at its fastest, about the outer planets, moves in a frame: no more.
    expect(worst).toBeLessThan(0.35)
    expect(ships.some(({ eid }) => parentOf(system.physics, eid) === space)).toBe(true)
  })

  it('keeps its kinds in few runs, so that they are few draw calls', async () => {
    const system = keep(await createSolarSystem())
    run(system, updateSolarSystem, 10)
    const { entities, count } = system.physics.transforms
    let runs = 0
    let last = -1
    for (let node = 0; node < count; node++) {
      const kind = system.kinds[entities[node]!]!
      if (kind !== last && KINDS[kind] !== 'frame') runs++
      last = kind
    }
    expect(runs).toBeLessThan(400)
  })

  it('has comets that fall about the sun, with their ice', async () => {
    const system = keep(await createSolarSystem())
    const comet = system.comets[0]!
    const { x, y, z } = system.physics.components.Position
    const start = Math.hypot(x[comet]!, y[comet]!, z[comet]!)
    run(system, updateSolarSystem, 10)
    expect(Math.hypot(x[comet]!, y[comet]!, z[comet]!)).toBeLessThan(start)
    const { entities, count } = system.physics.transforms
    const pieces = Array.from(entities.subarray(0, count)).filter((eid) => parentOf(system.physics, eid) === comet)
    expect(pieces.length).toBe(10)
    for (const eid of pieces) {
      expect(distance(placeOf(system, eid), [x[comet]!, y[comet]!, z[comet]!])).toBeLessThan(1.6)
    }
    expect(PLANETS[HALO]!.ring?.pieces).toBeGreaterThan(5000)
  })
})
