import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  sourcemap: true,
  dts: false,
  clean: !process.argv.includes('--dts-only'),
})
