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

const alias = [
  { find: /^manybody$/, replacement: here('engine/index.ts') },
  { find: /^manybody\/(debug|three)$/, replacement: `${here('engine')}/$1/index.ts` },
  ...kernelAlias(),
]
/** The pages beside Galactic Wars, which is at the root: each a folder of `examples`, at `/NAME/`, while developing and in the build. */
const PAGES = [
  ...['gallery', 'galaxy'],
  ...['pyramid', 'dominoes', 'ragdolls', 'wrecking-ball', 'marble-run', 'newtons-cradle'],
]
const EXAMPLES = here('examples')

const servePages: Plugin = {
  name: 'serve-pages',
  configureServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      const [path = '', query = ''] = (request.url ?? '').split(/(?=\?)/)
      const page = [...PAGES, 'galactic-wars'].find((name) => path === `/${name}` || path.startsWith(`/${name}/`))
      if (page && path === `/${page}`) {
        response.writeHead(302, { Location: `/${page}/${query}` }).end()
        return
      }
      if (page) {
        const file = path === `/${page}/` ? `${path}index.html` : path
        request.url = `/@fs/${EXAMPLES.replace(/^\//, '')}${file}${query}`
      }
      next()
    })
  },
}
const buildPages: Plugin = {
  name: 'build-pages',
  apply: 'build',
  async closeBundle() {
    const input = Object.fromEntries(PAGES.map((name) => [name, here(`examples/${name}/index.html`)]))
    const output = {
      outDir: here('dist-demo'),
      emptyOutDir: false,
      target: 'es2022' as const,
      rollupOptions: { input },
    }
    await build({ configFile: false, logLevel: 'warn', root: EXAMPLES, base: './', resolve: { alias }, build: output })
  },
}

export default defineConfig({
  root: here('examples/galactic-wars'),
  // Relative addresses, so that the built demo also works from a sub-folder of a host.
  base: './',
  cacheDir: here('node_modules/.vite'),
  plugins: [servePages, buildPages],
  optimizeDeps: { entries: ['index.html', ...PAGES.map((name) => `../${name}/index.html`)] },
  resolve: { alias },
  server: { host: '127.0.0.1', open: false, headers: isolation, fs: { allow: [here('.'), ...kernelFolders()] } },
  preview: { host: '127.0.0.1', open: false, headers: isolation },
  build: { outDir: here('dist-demo'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
})
