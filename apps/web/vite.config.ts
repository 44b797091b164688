import { defineConfig } from 'vite'

/** Relative addresses, and every asset a file of its own: the page must live under a CSP without `data:` or inline code. */
export default defineConfig({
  base: './',
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
