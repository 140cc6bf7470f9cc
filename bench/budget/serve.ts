/** The built demo on a free local port. */
import { build, type PreviewServer, preview } from 'vite'
import { REPOSITORY } from '../harness/report.ts'

/** Builds the demo into its output folder. */
export async function buildDemo(): Promise<void> {
  await build({ configFile: `${REPOSITORY}vite.config.ts`, logLevel: 'warn' })
}

/** A running server of the built demo. */
export interface DemoServer {
  url: string
  close(): Promise<void>
}

/**
 * Serves the built demo.
 *
 * @param isolated with the headers that make the page cross-origin isolated, which threads need
 */
export async function serveDemo(isolated: boolean): Promise<DemoServer> {
  // The configuration leaves the headers out when this variable is set; it is read anew for each server.
  if (isolated) delete process.env.MANYBODY_NO_ISOLATION
  else process.env.MANYBODY_NO_ISOLATION = '1'
  const server: PreviewServer = await preview({
    configFile: `${REPOSITORY}vite.config.ts`,
    logLevel: 'warn',
    preview: { port: 0, strictPort: false },
  })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('the preview server has no local address')
  return { url, close: () => server.close() }
}
