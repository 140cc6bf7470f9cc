import type { Bench } from '../harness/bench.ts'
import { determinism } from './determinism.ts'
import { entities } from './entities.ts'
import { galactic } from './galactic.ts'
import { ladder } from './ladder.ts'
import { memory } from './memory.ts'
import { nbody } from './nbody.ts'
import { particles } from './particles.ts'
import { peers } from './peers.ts'
import { queries } from './queries.ts'
import { field, rigid } from './scenes.ts'
import { size } from './size.ts'
import { state } from './state.ts'
import { threads } from './threads.ts'

/** Every bench, in the order they run when none is named. */
export const BENCHES: readonly Bench[] = [
  ladder,
  galactic,
  threads,
  field,
  rigid,
  nbody,
  particles,
  entities,
  state,
  queries,
  peers,
  determinism,
  memory,
  size,
]
