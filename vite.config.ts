import { fileURLToPath } from 'node:url'
import { build, defineConfig, type Plugin } from 'vite'
import { kernelAlias, kernelFolders } from './scripts/kernel/alias.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// Threads need a cross-origin isolated page. MANYBODY_NO_ISOLATION=1 leaves the headers out, to see the page as
// most hosts serve it: the engine then runs on the `simd` tier and says why.
const isolation =
  process.env.MANYBODY_NO_ISOLATION === '1'
    ? {}
    : {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }

const alias = [{ find: /^manybody$/, replacement: here('engine/index.ts') }, ...kernelAlias()]
const GALAXY = here('examples/galaxy')

// Galactic Wars is at the root; the other example beside it, at `/galaxy/`, while developing and in the build.
const serveGalaxy: Plugin = {
  name: 'serve-galaxy',
  configureServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      const [path = '', query = ''] = (request.url ?? '').split(/(?=\?)/)
      if (path === '/galaxy') {
        response.writeHead(302, { Location: `/galaxy/${query}` }).end()
        return
      }
      if (path === '/galaxy/') request.url = `/galaxy/index.html${query}`
      request.url = request.url?.replace(/^\/galaxy\//, `/@fs/${GALAXY.replace(/^\//, '')}/`)
      next()
    })
  },
}
const buildGalaxy: Plugin = {
  name: 'build-galaxy',
  apply: 'build',
  async closeBundle() {
    const output = { outDir: here('dist-demo/galaxy'), emptyOutDir: true, target: 'es2022' as const }
    await build({ configFile: false, logLevel: 'warn', root: GALAXY, base: './', resolve: { alias }, build: output })
  },
}

export default defineConfig({
  root: here('examples/galactic-wars'),
  // Relative addresses, so that the built demo also works from a sub-folder of a host.
  base: './',
  cacheDir: here('node_modules/.vite'),
  plugins: [serveGalaxy, buildGalaxy],
  optimizeDeps: { entries: ['index.html', '../galaxy/index.html'] },
  resolve: { alias },
  server: { host: '127.0.0.1', open: false, headers: isolation, fs: { allow: [here('.'), ...kernelFolders()] } },
  preview: { host: '127.0.0.1', open: false, headers: isolation },
  build: { outDir: here('dist-demo'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
})
