import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Puts what the pages share where they say so: icons take a page's colours only inside of it. */
const shared: Plugin = {
  name: 'shared',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace(/<!-- (src\/\S+) -->/g, (_, path) => readFileSync(fileOf(path), 'utf8')),
  },
}

/** Relative addresses, and every asset a file of its own: the pages must live under a CSP without `data:` or inline code. */
export default defineConfig({
  base: './',
  plugins: [shared],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: [fileOf('index.html'), fileOf('api.html')] },
  },
})
