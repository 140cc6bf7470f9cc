/** Builds the package once, packs it, and installs the tarball into folders outside the tree. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'
import { ROOT } from '../../scripts/kernel/manifest.ts'

/** What `npm pack --json` says of a tarball. */
export interface PackReport {
  filename: string
  size: number
  unpackedSize: number
  files: { path: string; size: number }[]
}

export interface Packed {
  /** Path of the tarball. */
  tarball: string
  report: PackReport
  /** A scratch folder outside the tree, for consumers. */
  scratch: string
}

/** A folder outside the tree. */
export function makeScratch(): string {
  return mkdtempSync(join(tmpdir(), 'manybody-package-'))
}

/** The tarball that the global setup made. @throws Error when it could not. */
export function packedPackage(): Packed {
  const packed = inject('packed')
  if ('error' in packed) throw new Error(packed.error)
  return packed
}

/** Builds and packs the package into a folder. */
export function packPackage(scratch: string): Packed {
  // As a publisher would: `npm pack` builds through the script `prepack`.
  const json = npm(ROOT, 'pack', '--json', '--pack-destination', scratch)
  const parsed: unknown = JSON.parse(json.slice(json.search(/^[[{]/m)))
  // npm 10 and older print a list, newer ones a record by package name.
  const [report] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as PackReport[]
  if (!report) throw new Error('npm pack reported no tarball')
  return { tarball: join(scratch, report.filename), report, scratch }
}

/**
 * An empty project with the tarball and bitECS installed. bitECS comes from this tree, so that no test needs a network.
 * @param files texts by path, written into the project.
 */
export function makeConsumer({ tarball, scratch }: Packed, name: string, files: Record<string, string>): string {
  const folder = join(scratch, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  npm(folder, 'install', '--install-links', '--no-package-lock', tarball, join(ROOT, 'node_modules/bitecs'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Runs a script of a consumer with plain Node. @throws Error with its output when it fails or does not end. */
export function runNode(folder: string, script: string, ...args: string[]): string {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (status !== 0) throw new Error(`${script} ended with ${signal ?? status}\n${stdout}\n${stderr}`)
  return stdout
}

/** The path of a command that this tree has installed. */
export function toolPath(name: string): string {
  const path = join(ROOT, 'node_modules', name)
  if (!existsSync(path)) throw new Error(`${name} is not installed`)
  return path
}

export function readText(...path: string[]): string {
  return readFileSync(join(...path), 'utf8')
}

function npm(cwd: string, ...args: string[]): string {
  // What the outer `npm test` puts into the environment would steer this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
