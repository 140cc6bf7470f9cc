import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { CRATE } from '../../scripts/kernel/manifest.ts'
import { totalsOf } from '../../scripts/sum-tests.ts'
import { hasCommand, optionalPart } from '../support/optional-parts.ts'

test.skipIf(!optionalPart('cargo', hasCommand('cargo'))).each(['single', 'double'] as const)(
  'the crate’s own tests pass, in %s precision',
  (precision) => {
    const features = precision === 'double' ? ['--features', 'double'] : []
    const { status, stdout, stderr } = spawnSync('cargo', ['test', '--locked', ...features], {
      cwd: CRATE,
      encoding: 'utf8',
    })
    expect(status, stdout + stderr).toBe(0)
    expect(totalsOf(stdout)).toMatchObject({ failed: 0 })
    expect(totalsOf(stdout).passed).toBeGreaterThan(0)
  },
  // The first time it compiles the crate.
  600_000,
)
