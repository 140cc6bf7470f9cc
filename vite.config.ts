import { readFileSync } from 'node:fs'
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
  { find: /^manybody\/(debug|hud|three)$/, replacement: `${here('engine')}/$1/index.ts` },
  ...kernelAlias(),
]
/** The pages beside Galactic Wars, which is at the root: each a folder of `examples`, at `/NAME/`, while developing and in the build. */
const PAGES = [
  ...['gallery', 'galaxy'],
  ...['pyramid', 'dominoes', 'ragdolls', 'wrecking-ball', 'marble-run', 'newtons-cradle'],
  ...['solar-system', 'particles'],
]
const EXAMPLES = here('examples')
const HEAD = here('examples/view/head.html')

/** A page with what the small examples have in their heads, which their own files leave out. */
const withHead = (html: string): string =>
  html.includes('<meta charset') ? html : html.replace(/<html[^>]*>/, (tag) => tag + readFileSync(HEAD, 'utf8'))
const shareHead: Plugin = { name: 'share-head', transformIndexHtml: { order: 'pre', handler: withHead } }

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
      if (page && (path === `/${page}/` || path === `/${page}/index.html`)) {
        response.setHeader('Content-Type', 'text/html')
        for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value)
        response.end(withHead(readFileSync(`${EXAMPLES}/${page}/index.html`, 'utf8')))
        return
      }
      if (page) request.url = `/@fs/${EXAMPLES.replace(/^\//, '')}${path}${query}`
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
    const plugins = [shareHead]
    await build({
      configFile: false,
      logLevel: 'warn',
      root: EXAMPLES,
      base: './',
      plugins,
      resolve: { alias },
      build: output,
    })
  },
}

export default defineConfig({
  root: here('examples/galactic-wars'),
  // Relative addresses, so that the built demo also works from a sub-folder of a host.
  base: './',
  cacheDir: here('node_modules/.vite'),
  plugins: [servePages, shareHead, buildPages],
  optimizeDeps: { entries: ['index.html', ...PAGES.map((name) => `../${name}/index.html`)] },
  resolve: { alias },
  server: { host: '127.0.0.1', open: false, headers: isolation, fs: { allow: [here('.'), ...kernelFolders()] } },
  preview: { host: '127.0.0.1', open: false, headers: isolation },
  build: { outDir: here('dist-demo'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
})
