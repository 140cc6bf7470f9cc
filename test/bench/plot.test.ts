import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Report, Row } from '../../bench/harness/report.ts'
import { plotReport, writePictures } from '../../bench/plot.ts'

function report(rows: Partial<Row>[]): Report {
  return { bench: 'x', commit: 'abc', machine: { cpu: 'cpu', cores: 2, runtime: 'node 20' }, rows: rows as Row[] }
}

const ms = (p50: number) => ({ mean: p50, p50, p95: p50, p99: p50, p998: p50, max: p50 })

describe('pictures', () => {
  test('engines beside one another: a bar and its figures for each, one panel a scene', () => {
    const engines = ['manybody', 'havok']
    const rows = ['field', 'pile-spheres'].flatMap((scene) =>
      engines.map((engine, index) => ({
        bench: 'peers',
        scene,
        engine,
        ms: ms(1 + 9 * index),
        ratio: index ? 1 : 0.1,
      })),
    )
    const [{ svg, suffix }] = plotReport(report(rows))
    expect(suffix).toBe('')
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    for (const text of ['field', 'pile-spheres', 'manybody', 'havok', '1.00 ms = 0.10 × Havok'])
      expect(svg).toContain(text)
    expect(svg.match(/<rect/g)).toHaveLength(4)
  })

  test('frame times: a histogram and a line for each series', () => {
    const samples = { physics: [2, 2.1, 9], frame: [5, 6, 7] }
    const [{ svg }] = plotReport(report([{ bench: 'galactic', scene: 'galactic', samples }]))
    expect(svg).toContain('8 ms')
    expect(svg).toContain('16.67 ms')
  })

  test('the ladder: a bar a rung that ran and a rung of the reference, then the shares', () => {
    const shares = { broadPhase: 5, narrowPhase: 1, forces: 90, integration: 2, constraints: 1, other: 1 }
    const rungs: Partial<Row>[] = ['plain', 'fast'].map((rung, index) => ({
      ...{ bench: 'ladder', scene: 'box', rung, shares },
      ...{ ms: ms(100 / 10 ** index), fps: 10 ** (1 + index), toPrevious: index ? 10 : undefined },
    }))
    const [{ svg }, ...more] = plotReport(report([...rungs, { bench: 'ladder', rung: 'absent', absent: 'not here' }]))
    expect(more).toEqual([])
    for (const text of ['100 ms · 10 FPS', '10.0 ms · 100 FPS · × 10', '150.3 ms', '3.2 ms', 'narrowPhase']) {
      expect(svg).toContain(text)
    }
    expect(svg).not.toContain('absent')
    // Two rungs and four of the reference; six shares each.
    expect(svg.match(/<rect/g)).toHaveLength(2 + 4 + 2 * 6)
    // Both drawings lie within the sheet.
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number)
    expect(svg).toContain(`viewBox="0 0 ${width} ${height}"`)
    const inner = [...svg.matchAll(/<svg y="(\d+)" [^>]*height="(\d+)"/g)].map(([, y, h]) => Number(y) + Number(h))
    expect(inner).toHaveLength(2)
    expect(inner[1]).toBe(height)
  })

  test('mutual forces: time by both methods with the lines of a frame, error of the tree alone', () => {
    const rows = ['direct', 'tree'].flatMap((method) =>
      [1_000, 10_000].map((bodies) => ({
        ...{ bench: 'nbody', kind: 'scaling', scene: 'thin disc', method, bodies },
        ...{ forces: bodies / 1000, rmsError: 0.004, p99Error: 0.02 },
      })),
    )
    const pictures = plotReport(report(rows))
    expect(pictures.map(({ suffix }) => suffix)).toEqual(['-time', '-error'])
    const [time, error] = pictures.map(({ svg }) => svg)
    for (const text of ['thin disc', '╌╌ direct', '━━ tree', '8 ms', '16.67 ms']) expect(time).toContain(text)
    for (const text of ['thin disc', '━━ RMS', '┈┈ 99th percentile', 'RMS ≤ 1 %']) expect(error).toContain(text)
    expect(error).not.toContain('direct<')
    // A curve a scene and line, with a dot at each of two sizes.
    for (const svg of [time, error]) expect(svg.match(/<path [^>]*marker-end/g)).toHaveLength(2)
  })

  test('nothing to draw gives nothing', () => {
    expect(plotReport(report([{ bench: 'size' }]))).toEqual([])
  })

  test('go to files beside one another, whether or not the name has its ending', () => {
    const folder = mkdtempSync(join(tmpdir(), 'manybody-plot-'))
    try {
      const pictures = ['-time', '-error'].map((suffix) => ({ suffix, svg: `<svg>${suffix}</svg>` }))
      for (const name of ['nbody.svg', 'other']) writePictures(join(folder, 'deep', name), pictures)
      const names = ['nbody-error.svg', 'nbody-time.svg', 'other-error.svg', 'other-time.svg']
      expect(readdirSync(join(folder, 'deep')).sort()).toEqual(names)
      expect(readFileSync(join(folder, 'deep', names[1]), 'utf8')).toBe('<svg>-time</svg>')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
