import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
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

export default defineConfig({
  root: here('examples/galactic-wars'),
  // Relative addresses, so that the built demo also works from a sub-folder of a host.
  base: './',
  cacheDir: here('node_modules/.vite'),
  resolve: { alias: [{ find: /^manybody$/, replacement: here('engine/index.ts') }, ...kernelAlias()] },
  server: { host: '127.0.0.1', open: false, headers: isolation, fs: { allow: [here('.'), ...kernelFolders()] } },
  preview: { host: '127.0.0.1', open: false, headers: isolation },
  build: { outDir: here('dist-demo'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
})
