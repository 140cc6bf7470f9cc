/** Sizes of what a user downloads: the built package and the committed kernels, raw and compressed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Bench } from '../harness/bench.ts'
import { REPOSITORY, type Row } from '../harness/report.ts'

/** Folders that hold shipped files; the first exists after `npm run build`. */
const FOLDERS = ['dist', 'physics-wasm/pkg']
const SHIPPED = /\.(wasm|js)$/

function shippedFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && SHIPPED.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function sizeRow(file: string): Row {
  const gzip = gzipSync(readFileSync(file), { level: 9 }).byteLength
  return {
    bench: 'size',
    scene: relative(REPOSITORY, file),
    engine: 'manybody',
    tier: '',
    threads: 0,
    bodies: 0,
    particles: 0,
    frames: 0,
    bytes: statSync(file).size,
    gzipBytes: gzip,
  }
}

export const size: Bench = {
  name: 'size',
  about: 'bytes of the built package and of the kernels, raw and gzip',
  columns: ['bytes', 'gzipBytes'],
  async run() {
    const folders = FOLDERS.map((folder) => join(REPOSITORY, folder))
    const missing = folders.filter((folder) => !existsSync(folder))
    for (const folder of missing) process.stderr.write(`size: no ${relative(REPOSITORY, folder)}, left out\n`)
    return folders.filter((folder) => existsSync(folder)).flatMap((folder) => shippedFiles(folder).map(sizeRow))
  },
}
