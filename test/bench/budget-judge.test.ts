import { describe, expect, test } from 'vitest'
import { type FrameLog, isSoftwareRenderer, judge, verdictLine } from '../../bench/budget/judge.ts'

const SOFTWARE = 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)'
const HARDWARE = 'ANGLE (NVIDIA Corporation, NVIDIA GeForce RTX 3060/PCIe/SSE2, OpenGL 4.5.0)'

/** 1,000 frames at `ms`, `slow` of them at 100 ms. */
function frames(ms: number, slow = 0): Float64Array {
  return new Float64Array(1000).fill(ms).fill(100, 0, slow)
}

function log(change: Partial<FrameLog> = {}): FrameLog {
  return { physics: frames(2), main: frames(5), presented: frames(16.7), ...change }
}

describe('budget judgement', () => {
  test('knows renderers that draw on the processor', () => {
    expect(isSoftwareRenderer(SOFTWARE)).toBe(true)
    expect(isSoftwareRenderer('llvmpipe (LLVM 19.1.7, 256 bits)')).toBe(true)
    expect(isSoftwareRenderer(HARDWARE)).toBe(false)
  })

  test('2 slow frames in 1,000 are within 99.8 %, 3 are not', () => {
    expect(judge(log({ physics: frames(2, 2) }), HARDWARE).every(({ ok }) => ok)).toBe(true)
    const [physics, main] = judge(log({ physics: frames(2, 3) }), HARDWARE)
    expect(physics).toMatchObject({ series: 'physics', overBudget: 3, ok: false })
    expect(main.ok).toBe(true)
  })

  test('presented frames are judged on hardware and reported on a software renderer', () => {
    const slow = log({ presented: frames(50) })
    expect(judge(slow, HARDWARE).at(-1)).toMatchObject({ series: 'presented', judged: true, ok: false })
    const presented = judge(slow, SOFTWARE).at(-1)
    expect(presented).toMatchObject({ judged: false, ok: true, overBudget: 1000 })
    expect(verdictLine(presented!)).toBe(
      'presented: 0.00 % of 1000 frames within 33.34 ms (reported only: software renderer)',
    )
  })

  test('main-thread work is judged everywhere', () => {
    const [, main] = judge(log({ main: frames(17) }), SOFTWARE)
    expect(main).toMatchObject({ judged: true, ok: false })
    expect(verdictLine(main)).toContain('OVER BUDGET')
  })
})
