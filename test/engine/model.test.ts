/** Any calls in any order leave the world as a model of plain objects says: entities, bodies, parents, joints, handles, pools. */
import { expect, test } from 'vitest'
import { runModel } from './model.ts'

/** `MANYBODY_SEED` and `MANYBODY_RUNS` try other commands, and more of them. */
const SEED = Number(process.env.MANYBODY_SEED ?? 20_261_121)
const RUNS = Number(process.env.MANYBODY_RUNS ?? 240)

test('20,000 commands and more, against the model', async () => {
  expect(await runModel(RUNS, SEED)).toBeGreaterThan((RUNS / 240) * 20_000)
}, 120_000)
