import { mkdirSync } from 'node:fs'
import { cp } from 'node:fs/promises'
// @ts-expect-error Its package.json does not export its types.
import license from 'esbuild-plugin-license'
import { defineConfig } from 'tsup'

/** What the plugin finds out about a bundled package. */
interface Bundled {
  readonly packageJson: { readonly name: string; readonly version: string; readonly license?: string }
  readonly licenseText: string
}

/** Everything but what has binaries, because loading hundreds of small files took most of the start. */
const BUNDLED = /^(?!@node-rs\/argon2|better-sqlite3)/

// The plugin for licenses writes before the build does.
mkdirSync('dist', { recursive: true })
/** The licenses of the bundled packages require their text in every copy. */
const licenses = license({ thirdParty: { output: { file: 'licenses.md', template: listLicenses } } })

export default defineConfig({
  entry: {
    main: 'src/main.ts',
    'sync-thread': 'src/sync-thread/sync-thread.ts',
    handler: 'src/handler/create-handler.ts',
  },
  format: ['esm'],
  target: 'node20',
  clean: true,
  noExternal: [BUNDLED],
  removeNodeProtocol: false,
  banner: {
    // Bundled CommonJS requires the modules of Node.js.
    js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
  },
  esbuildPlugins: [licenses],
  esbuildOptions(options) {
    // Names stay, for the sake of stack traces.
    Object.assign(options, { minifySyntax: true, minifyWhitespace: true })
  },
  plugins: [
    {
      name: 'web-tester',
      buildEnd: () => cp('../web/dist', 'dist/web', { recursive: true }),
    },
  ],
})

function listLicenses(dependencies: readonly Bundled[]): string {
  const foreign = dependencies.filter(({ packageJson }) => !packageJson.name.startsWith('@gitmsg/'))
  const sections = foreign.map(({ packageJson: { name, version, license }, licenseText }) =>
    [`## ${name} - ${version} (${license})`, licenseText.trim()].join('\n\n'),
  )
  return `${['# Licenses', ...sections].join('\n\n')}\n`
}
