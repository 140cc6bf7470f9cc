/**
 * Parts that a machine may lack: a browser, a Rust toolchain. Tests that need one are skipped without it, and say so;
 * with MANYBODY_REQUIRE_ALL=1 (as CI sets it) a missing part is a failure.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Flags with which Chromium runs headless, as root and without a GPU. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
  '--use-angle=swiftshader',
]

/** The path of an installed Chromium (MANYBODY_CHROMIUM names another), or undefined. */
export function findChromium(): string | undefined {
  const named = process.env.MANYBODY_CHROMIUM
  return [...(named ? [named] : []), ...CHROMIUM_PATHS].find((path) => existsSync(path))
}

/** Whether a command answers to `--version`. */
export function hasCommand(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * Whether tests of an optional part can run: `describe.skipIf(!optionalPart('Chromium', findChromium()))(…)`.
 * @param found anything truthy when the part is there.
 * @throws Error when the part is missing and MANYBODY_REQUIRE_ALL=1.
 */
export function optionalPart(name: string, found: unknown): boolean {
  if (found) return true
  const message = `${name} is not on this machine (scripts/setup installs it)`
  if (process.env.MANYBODY_REQUIRE_ALL === '1') throw new Error(message)
  console.warn(`skipped: ${message}`)
  return false
}
