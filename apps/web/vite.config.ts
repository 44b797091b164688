import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/**
 * Replaces `<!-- src/... -->` with that file, so that pages share their head and their icons.
 * The icons must be inline: only then do they take the colours of the page.
 */
const includes: Plugin = {
  name: 'includes',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace(/<!-- (src\/\S+) -->/g, (_, file) => readFileSync(pathOf(file), 'utf8')),
  },
}

/**
 * Relative URLs work below any path, and each asset is a file of its own: the content security policy allows
 * neither `data:` URLs nor inline code.
 */
export default defineConfig({
  base: './',
  plugins: [includes],
  build: {
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    rollupOptions: { input: [pathOf('index.html'), pathOf('api.html')] },
  },
})
