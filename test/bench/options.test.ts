import { describe, expect, test } from 'vitest'
import { parseOptions } from '../../bench/harness/options.ts'

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
