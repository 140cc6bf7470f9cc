/**
 * Fails when a file of the repository names the machine that wrote it or a package registry's host.
 *
 *   npm run check:traces
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Trace {
  what: string
  pattern: RegExp
  /** Only in files whose path matches. */
  only?: RegExp
}

const TRACES: readonly Trace[] = [
  // A folder of that name inside a longer relative path is none.
  { what: 'a path of a machine', pattern: /(?<![\w.~)}-])\/(?:root|work|home|tmp)\/[\w.-]/ },
  { what: 'a folder of cargo’s registry', pattern: /registry\/src\/[\w.-]/ },
  { what: 'a host of a package registry', pattern: /\b(?:registry|index|static|deb|files)\.[a-z]+\.(?:org|io)\b/ },
  { what: 'a download address', pattern: /"resolved":/, only: /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/ },
]

/** Every trace in a text, as `what: excerpt`. */
export function findTraces(path: string, text: string): string[] {
  return TRACES.flatMap(({ what, pattern, only }) => {
    if (only && !only.test(path)) return []
    const match = pattern.exec(text)
    if (!match) return []
    const line = text.slice(0, match.index).split('\n').length
    const excerpt = text.slice(match.index, match.index + 60).split(/[\n\0]/)[0]
    return [`${path}:${line}: ${what}: ${excerpt}`]
  })
}

/** Every trace in the files that git tracks, or would track after `git add`. */
export function checkTraces(root: string): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  return list
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
    .flatMap((path) => {
      try {
        return findTraces(path, readFileSync(join(root, path)).toString('latin1'))
      } catch {
        return [] // removed from the working tree, or a link to nothing
      }
    })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const traces = checkTraces(fileURLToPath(new URL('..', import.meta.url)))
  for (const trace of traces) console.error(trace)
  if (traces.length === 0) console.log('traces: none')
  process.exitCode = traces.length > 0 ? 1 : 0
}
