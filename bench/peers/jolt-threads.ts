/** Jolt's build with threads and SIMD. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { DEFAULT_THREADS } from '../harness/bench.ts'
import { REPOSITORY } from '../harness/report.ts'
import { type JoltModule, loadJolt } from './jolt.ts'
import { type Peer, type PeerWorld, Unable } from './peer.ts'
import { installedVersion } from './versions.ts'

const PACKAGE = 'jolt-physics'
const SCRIPT = 'jolt-physics.multithread.wasm.js'
const BINARY = 'jolt-physics.multithread.wasm.wasm'
/**
 * The package starts well in a browser but waits for ever under Node: its helpers ask `import(…)` for `workerData` before
 * the import has come. A copy with these brackets works.
 */
const WRONG = 'await import("node:worker_threads").workerData'
const RIGHT = '(await import("node:worker_threads")).workerData'

type Init = () => Promise<JoltModule>

/** Path of the mended copy, made when absent. */
function mendedScript(): string {
  const from = join(REPOSITORY, 'node_modules', PACKAGE, 'dist')
  const folder = join(REPOSITORY, 'node_modules/.cache/manybody-peers', installedVersion(PACKAGE))
  const file = join(folder, SCRIPT)
  if (existsSync(file)) return file
  const script = readFileSync(join(from, SCRIPT), 'latin1')
  if (!script.includes(WRONG)) throw new Unable('its threaded build has changed: see jolt-threads.ts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  copyFileSync(join(from, BINARY), join(folder, BINARY))
  // Renamed when whole: another process may look for it now.
  const part = `${file}.${process.pid}`
  writeFileSync(part, script.replace(WRONG, RIGHT), 'latin1')
  renameSync(part, file)
  return file
}

let init: Promise<Init> | undefined

async function loadInit(): Promise<Init> {
  init ??= import(pathToFileURL(mendedScript()).href).then((module: { default: Init }) => module.default)
  return init
}

/** Starts a module and catches the helpers that it starts, which would otherwise live as long as the process: 16 of them. */
async function startModule(): Promise<{ module: JoltModule; helpers: Worker[] }> {
  const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker }
  const global = globalThis as { Worker?: unknown }
  const [plain, globalBefore] = [threads.Worker, global.Worker]
  const helpers: Worker[] = []
  threads.Worker = class extends plain {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args)
      helpers.push(this)
    }
  }
  try {
    const start = await loadInit()
    return { module: await start(), helpers }
  } finally {
    threads.Worker = plain
    // The module makes `Worker` global under Node.
    if (globalBefore === undefined) delete global.Worker
    else global.Worker = globalBefore
  }
}

/** Jolt on as many threads as ours. */
export const joltThreads: Peer = {
  name: 'jolt-threads',
  packageName: PACKAGE,
  async load(scene, { threads = DEFAULT_THREADS } = {}): Promise<PeerWorld> {
    const { module, helpers } = await startModule()
    const world = loadJolt({ module, tier: 'threads', threads }, scene)
    return {
      ...world,
      dispose() {
        world.dispose()
        for (const helper of helpers) void helper.terminate()
      },
    }
  },
}
