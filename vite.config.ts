import { builtinModules } from 'node:module'
import type { OutputAsset, OutputChunk } from 'rolldown'
import { minify } from 'rolldown/utils'
import { defineConfig } from 'vite'
import { internalNames } from './test/tools/internal-names.mjs'
import { orderFunctions } from './test/tools/order-functions.mjs'
import { renameBindings } from './test/tools/rename-bindings.mjs'

interface Mode {
  entry: Record<string, string>
  node?: boolean
  classic?: boolean
  core?: boolean
  /** How much longer than usual its smallest form is looked for. */
  patience?: number
}

/** What `vite build --mode …` makes: the doors and the command as modules, the rest as classic scripts. */
const modes: Record<string, Mode> = {
  doors: { entry: { index: 'src/index.ts', fetch: 'src/fetch.ts', sw: 'sw/index.ts' } },
  cli: { entry: { cli: 'src/cli.ts' }, node: true },
  tag: { entry: { outrigger: 'src/global.ts' }, classic: true },
  core: { entry: { 'outrigger-core': 'src/core.ts' }, classic: true, core: true },
  cover: { entry: { 'outrigger-cover': 'src/cover.ts' }, classic: true },
  worker: { entry: { 'outrigger-sw': 'sw/prebuilt.ts' }, classic: true, core: true, patience: 2 },
}

const external = [/^(workbox-routing|puppeteer|uplot)(\/|$)/, /^workbox-window\//, /^node:/, ...builtinModules]

export default defineConfig(({ mode }) => {
  const { entry, classic, node, core, patience = 1 } = modes[mode] ?? modes.doors!
  // Its default entry is ES5 and nearly twice as large, and Node cannot import it when a page is rendered there.
  const alias = { 'workbox-window': 'workbox-window/build/workbox-window.prod.mjs' }
  // Classic files run in pages and workers alone, which have them all, and only one of ours runs in a worker. That one is
  // loaded by pages too, for its core: it asks `in self` where it starts.
  const inBrowsers = {
    name: 'in-browsers',
    renderChunk: (code: string) => ({
      code: code
        .replace(/typeof (?:location|navigator|PerformanceObserver) ([!=])== ["']undefined["']/g, (all, sign) =>
          String(sign === '!').padEnd(all.length),
        )
        .replace(/["']ServiceWorkerGlobalScope["'] in globalThis/g, all =>
          String(mode === 'worker').padEnd(all.length),
        ),
      map: null,
    }),
  }
  // One word for both lets the minifier join them and repeats itself better; of the same length, so that source maps stay true.
  const onlyLet = {
    name: 'only-let',
    renderChunk: (code: string) => ({ code: code.replace(/\bconst (?=[\w$[{])/g, 'let   '), map: null }),
  }
  // Each finds a little that the other leaves.
  const again = {
    name: 'minify-again',
    async generateBundle(_: unknown, bundle: Record<string, OutputChunk | OutputAsset>) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const { code, map } = await minify(chunk.fileName, chunk.code, {
          sourcemap: true,
          inputMap: chunk.map as never,
        })
        const ordered = orderFunctions(renameBindings(code, 200_000 * patience), map!.mappings, 8_000 * patience)
        // It may stand behind a line that ends without a semicolon; the map's one line moves along.
        Object.assign(map!, { mappings: ordered.mappings.replace(/^A/, 'C') })
        Object.assign(chunk, { code: `;${ordered.code}`, map })
        // What is written is the file that stands beside it already.
        Object.assign(bundle[`${chunk.fileName}.map`]!, { source: JSON.stringify(map) })
      }
    },
  }
  return {
    logLevel: 'warn',
    plugins: classic ? [onlyLet, inBrowsers, again] : [],
    publicDir: false,
    resolve: { alias },
    define: classic ? { 'process.env.NODE_ENV': '"production"' } : {},
    build: {
      target: node ? 'node20' : 'es2022',
      emptyOutDir: false,
      sourcemap: true,
      // A little smaller than the built-in one.
      minify: classic && 'terser',
      terserOptions: {
        ecma: 2020,
        compress: {
          passes: 4,
          // The minifier that comes after does it better.
          sequences: false,
          inline: 1,
          unsafe: true,
          unsafe_arrows: true,
          lhs_constants: false,
          pure_getters: true,
        },
        // Names that browsers know as well are shortened too: no object of theirs may be asked for one of these.
        mangle: { properties: core ? { builtins: true, regex: new RegExp(`^(${internalNames.join('|')})$`) } : false },
      },
      lib: {
        entry,
        name: 'outrigger',
        formats: [classic ? 'iife' : 'es'],
        fileName: (_, name) => `${name}.js`,
      },
      rolldownOptions: {
        external: classic ? [] : external,
        checks: { pluginTimings: false },
        output: { chunkFileNames: 'shared/[name].js', ...(node ? { banner: '#!/usr/bin/env node' } : {}) },
      },
    },
  }
})
