import { describe, expect, test } from 'vitest'
import type { Report, Row } from '../../bench/harness/report.ts'
import { plotReport } from '../../bench/plot.ts'

function report(rows: Partial<Row>[]): Report {
  return { bench: 'x', commit: 'abc', machine: { cpu: 'cpu', cores: 2, runtime: 'node 20' }, rows: rows as Row[] }
}

const ms = (p50: number) => ({ mean: p50, p50, p95: p50, p99: p50, p998: p50, max: p50 })

describe('pictures', () => {
  test('engines beside one another: a bar and its figures for each, one panel a scene', () => {
    const engines = ['manybody', 'havok']
    const rows = ['field', 'pile'].flatMap((scene) =>
      engines.map((engine, index) => ({
        bench: 'peers',
        scene,
        engine,
        ms: ms(1 + 9 * index),
        ratio: index ? 1 : 0.1,
      })),
    )
    const svg = plotReport(report(rows))
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    for (const text of ['field', 'pile', 'manybody', 'havok', '1.00 ms = 0.10 × Havok']) expect(svg).toContain(text)
    expect(svg?.match(/<rect/g)).toHaveLength(4)
  })

  test('frame times: a histogram and a line for each series', () => {
    const samples = { physics: [2, 2.1, 9], frame: [5, 6, 7] }
    const svg = plotReport(report([{ bench: 'galactic', scene: 'galactic', samples }]))
    expect(svg).toContain('8 ms')
    expect(svg).toContain('16.67 ms')
  })

  test('nothing to draw gives nothing', () => {
    expect(plotReport(report([{ bench: 'size' }]))).toBeUndefined()
  })
})
