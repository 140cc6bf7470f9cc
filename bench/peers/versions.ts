import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY } from '../harness/report.ts'

/** Version of an installed package; some do not export their package.json, so the file is read in place. */
export function installedVersion(packageName: string): string {
  const file = join(REPOSITORY, 'node_modules', packageName, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
