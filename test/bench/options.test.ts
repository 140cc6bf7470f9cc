import { describe, expect, test } from 'vitest'
import { isFullRun, parseOptions } from '../../bench/harness/options.ts'

const KNOWN = ['galactic', 'field', 'peers']

describe('bench command line', () => {
  test('no name runs all, with a fixed seed and each bench its own defaults', () => {
    const options = parseOptions([], KNOWN)
    expect(options.names).toEqual(KNOWN)
    expect(options).toMatchObject({ seed: 1, help: false })
    expect(options.threads).toBeUndefined()
    expect(options.frames).toBeUndefined()
  })

  test('names keep their order and options may stand anywhere', () => {
    const args = [
      'peers',
      '--threads',
      '4',
      'field',
      '--json',
      'out.json',
      '--frames=60',
      '--seed',
      '7',
      '--tier',
      'simd',
    ]
    expect(parseOptions(args, KNOWN)).toMatchObject({
      names: ['peers', 'field'],
      threads: 4,
      json: 'out.json',
      frames: 60,
      seed: 7,
      tier: 'simd',
    })
  })

  test('one scene of many by a part of its name, which is no full run', () => {
    const options = parseOptions(['peers', '--scene', 'pile'], KNOWN)
    expect(options.scene).toBe('pile')
    expect(isFullRun(options)).toBe(false)
  })

  test('a quick run has few frames, unless it is told how many', () => {
    expect(parseOptions(['--quick'], KNOWN)).toMatchObject({ quick: true, frames: 30 })
    expect(parseOptions(['--quick', '--frames', '7'], KNOWN)).toMatchObject({ quick: true, frames: 7 })
  })

  test('a run is full when nothing that changes a number was asked for', () => {
    expect(isFullRun(parseOptions(['field', '--seed', '1'], KNOWN))).toBe(true)
    for (const args of ['--quick', '--mutual', '--threads=2', '--frames=60', '--tier=simd', '--seed=2']) {
      expect(isFullRun(parseOptions([args], KNOWN)), args).toBe(false)
    }
  })

  test.each([
    [['fields'], /unknown bench "fields": one of galactic, field, peers/],
    [['--threads', '0'], /--threads "0": an integer of at least 1/],
    [['--frames', '1.5'], /--frames "1.5"/],
    [['--frames', ''], /--frames ""/],
    [['--seed', 'x'], /--seed "x"/],
    [['--tier', 'gpu'], /--tier "gpu": one of threads, simd, js/],
    [['--speed'], /speed/],
  ])('%j is refused with a sentence', (args, message) => {
    expect(() => parseOptions(args as string[], KNOWN)).toThrow(message as RegExp)
  })
})
