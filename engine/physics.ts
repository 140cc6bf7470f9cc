import { createWorld } from 'bitecs'
import { createComponents } from './components.ts'
import { createFamily } from './hierarchy.ts'
import { type Backend, INTERNALS, type Internals, type Physics, writeSetting } from './internals.ts'
import { type LoadedKernel, loadKernel } from './kernel/load.ts'
import type { PoolSeat } from './kernel/pool.ts'
import { planTiers } from './kernel/tiers.ts'
import { createLife, observeWorld } from './membership.ts'
import { readLayout } from './memory/layout.ts'
import { createViews } from './memory/views.ts'
import { createPools } from './pool.ts'
import { createQueryColumns } from './query/columns.ts'
import { createInstances } from './render.ts'
import { LONG_RANGE_METHODS, type PhysicsOptions, type Precision, readSettings, type Settings } from './settings.ts'
import { createShapeTable } from './shapes/table.ts'
import { copiedCounters, createStats } from './stats.ts'

/** The columns of a world of precision `P`. */
export type ColumnOf<P extends Precision> = P extends 'double' ? Float64Array : Float32Array

/**
 * Creates a physics world: picks the best kernel that this page or process can run, takes all memory, and watches the bitECS world.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED
 */
export async function createPhysics<P extends Precision = 'single'>(
  options: PhysicsOptions & { precision?: P | undefined } = {},
): Promise<Physics<ColumnOf<P>>> {
  const settings = readSettings(options)
  const started = await startKernel(settings)
  const physics = assemble(settings, started)
  physics[INTERNALS].unsubscribe.push(...observeWorld(physics))
  return physics as Physics<ColumnOf<P>>
}

/**
 * Ends a world: the observers are removed and the helpers forget its memory. Its entities stay in the bitECS world. Twice is no error.
 */
export function dispose(physics: Physics): void {
  const internals = physics[INTERNALS]
  if (internals.disposed) return
  internals.disposed = true
  for (const unsubscribe of internals.unsubscribe) unsubscribe()
  internals.seat?.leave()
}

interface Started {
  kernel: LoadedKernel
  seat: PoolSeat | undefined
  backend: Backend
}

/** Tries the tiers from the best on; what fails leaves a reason. */
async function startKernel(settings: Settings): Promise<Started> {
  const { tiers, threads, reasons } = await planTiers(settings)
  const { capacity, instanceGroups, precision } = settings
  // Shape 0 and joint 0 stand for none; system 0 is the built-in one.
  const sizes = { ...capacity, instances: 0, scales: 0 }
  sizes.shapes++
  sizes.joints++
  sizes.systems++
  for (const group of instanceGroups) {
    sizes.instances += group.capacity
    if (group.scales) sizes.scales += group.capacity
  }
  for (const tier of tiers) {
    try {
      // Both files at once.
      const helping = tier === 'threads' ? import('./kernel/helpers.ts') : undefined
      const [kernel, helpers] = await Promise.all([loadKernel(tier, precision, sizes), helping])
      const memory = kernel.memory as WebAssembly.Memory
      const joined = helpers ? await helpers.joinPool(kernel.module!, memory, threads, settings.workerUrl) : ALONE
      if (joined.reason) reasons.push(`${tier}: ${joined.reason}`)
      if (!joined.seat || joined.threads > 1 || threads === 1) {
        return { kernel, seat: joined.seat, backend: { tier, threads: joined.threads, precision, reasons } }
      }
      joined.seat.leave()
    } catch (error) {
      if (tier === tiers.at(-1)) throw error
      reasons.push(`${tier} off: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error('no tier could be started')
}

const ALONE = { seat: undefined, threads: 1, reason: undefined }

type OwnColumns = Pick<
  Internals,
  'settings' | 'counters' | 'profile' | 'clock' | 'result' | 'samples' | 'found' | 'groupCount'
>

/** Who wants to be told of what: nobody yet. */
function createLists(): Pick<Internals, 'leaving' | 'stepped' | 'beginning' | 'restored' | 'packed' | 'framed'> {
  return { leaving: [], stepped: [], beginning: [], restored: [], packed: [], framed: [] }
}

function assemble(settings: Settings, { kernel, seat, backend }: Started): Physics {
  const layout = readLayout(kernel)
  const views = createViews(kernel.memory, layout)
  const { capacity } = settings
  const names = settings.instanceGroups.map((group) => group.name)
  const family = createFamily(views, capacity.entities)
  const world = settings.world ?? createWorld()
  const components = createComponents(views, capacity.entities)
  const pools = createPools(capacity)
  const internals: Internals = {
    kernel,
    layout,
    views,
    seat,
    ...views.all<OwnColumns>('', 'settings counters profile clock result samples found groupCount'),
    copied: copiedCounters(layout),
    queries: createQueryColumns(views),
    ...createLife(world, components, views, capacity.entities),
    pools,
    live: views.u32('scratch.live'),
    shapes: createShapeTable(kernel, views, pools.shapes),
    sleeps: settings.sleep.time > 0 && settings.longRange.gravity === 0 && settings.longRange.coulomb === 0,
    groupNumbers: new Map(names.map((name, index) => [name, index + 1])),
    instanceNames: names,
    ...createLists(),
    family,
    stats: createStats(layout, kernel.memory.buffer.byteLength),
    advanced: { steps: 0, alpha: 0, dropped: 0 },
    unsubscribe: [],
    threads: backend.threads,
    bodies: 0,
    planes: 0,
    high: 0,
    lastDt: 0,
    pending: 0,
    emitterHigh: 0,
    added: { eid: 0, component: undefined },
    direct: false,
    busy: '',
    disposed: false,
  }
  writeSettings(internals, settings)
  return {
    world,
    components,
    capacity: Object.freeze(capacity),
    backend: Object.freeze(backend),
    instances: createInstances(views, settings),
    transforms: family.transforms,
    [INTERNALS]: internals,
  }
}

function writeSettings(internals: Internals, { gravity, longRange, subSteps, sleep }: Settings): void {
  const values = {
    gravityX: gravity[0],
    gravityY: gravity[1],
    gravityZ: gravity[2],
    G: longRange.gravity,
    K: longRange.coulomb,
    softening: longRange.softening,
    minDistance: longRange.minDistance,
    method: LONG_RANGE_METHODS.indexOf(longRange.method),
    theta: longRange.theta,
    subSteps,
    sleepSpeed: sleep.speed,
    sleepTime: sleep.time,
  }
  for (const [name, value] of Object.entries(values)) writeSetting(internals, name, value)
}
