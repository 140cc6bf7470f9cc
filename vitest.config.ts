import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { kernelAlias } from './scripts/kernel/alias.ts'

const engine = fileURLToPath(new URL('engine', import.meta.url))

const shared = {
  environment: 'node' as const,
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 60_000,
}

// Three groups, one after the other. The engine uses every core by itself, so files run at most two at a time; whatever
// drives a browser, measures time or runs package managers has the machine to itself.
const ALONE = ['test/browser/**', 'test/timing/**', 'test/bench/smoke.test.ts', 'test/bench/budget-page.test.ts']
const PACKAGE = ['test/package/**']
const inTests = (patterns: string[]): string[] =>
  patterns.map((pattern) => (pattern.endsWith('**') ? `${pattern}/*.test.ts` : pattern))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^manybody$/, replacement: `${engine}/index.ts` },
      { find: /^manybody\/(debug|hud|three)$/, replacement: `${engine}/$1/index.ts` },
      ...kernelAlias(),
    ],
  },
  test: {
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [...ALONE, ...PACKAGE],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'alone',
          include: inTests(ALONE),
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'package',
          include: inTests(PACKAGE),
          globalSetup: 'test/package/global-setup.ts',
          testTimeout: 180_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
