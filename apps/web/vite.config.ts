import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

/** Puts the icons into the page, where it says so: they take its colours there. */
const icons: Plugin = {
  name: 'icons',
  transformIndexHtml: (html) =>
    html.replace('<!-- src/icons.svg -->', readFileSync(new URL('src/icons.svg', import.meta.url), 'utf8')),
}

/** Relative addresses, and every asset a file of its own: the page must live under a CSP without `data:` or inline code. */
export default defineConfig({
  base: './',
  plugins: [icons],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
