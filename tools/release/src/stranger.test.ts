import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { copyAddon } from './consumer.js'
import { run } from './run.js'

/** Compiling SQLite, where no compiled one can be downloaded, takes more than a minute. */
const INSTALL_TIMEOUT_MS = 480_000

const STORE = inject('tarballs').find((path) => path.includes('gitmsg-store-')) ?? ''
const EXAMPLE = `
import { openStore } from '@gitmsg/store'
const store = await openStore({ path: 'data/messages.db' })
console.log('pending:', (await store.summary()).pending)
await store.close()
`

/** An empty project beside the consumer. */
function createProject(name: string): string {
  const folder = join(inject('consumer'), '..', name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  writeFileSync(join(folder, 'example.mjs'), EXAMPLE)
  return folder
}

/** Runs the example; resolves with its output, or with that of its failure. */
const runExample = (folder: string): Promise<string> =>
  run(folder, ['node', 'example.mjs']).then(({ stdout }) => stdout, String)

/** The commands of npm that an error names. */
const npmCommandsIn = (text: string): string[] =>
  [...text.matchAll(/"(npm [^"]+)"/g)].map(([, command = '']) => command)

const kyselyIn = (folder: string): string =>
  JSON.parse(readFileSync(join(folder, 'node_modules/kysely/package.json'), 'utf8')).version

it(
  'npm installs a store that works; if npm blocks install scripts, after the commands that the error names',
  async () => {
    const folder = createProject('npm')
    await run(folder, ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', STORE])
    const output = await runExample(folder)
    for (const command of npmCommandsIn(output)) await run(folder, command.split(' '))
    expect(npmCommandsIn(output).length > 0 ? await runExample(folder) : output).toBe('pending: 0\n')
  },
  INSTALL_TIMEOUT_MS,
)

it(
  'pnpm, which blocks install scripts, installs a store that reports the missing binary, and works with it and kysely 0.29',
  async () => {
    const folder = createProject('pnpm')
    const settings = 'overrides:\n  better-sqlite3: ^12.11.1\nnodeLinker: hoisted\n'
    writeFileSync(join(folder, 'pnpm-workspace.yaml'), settings)
    // Fails with ERR_PNPM_IGNORED_BUILDS once everything is installed.
    await run(folder, ['pnpm', 'add', '--prefer-offline', STORE]).catch(() => {})
    expect(await runExample(folder)).toMatch(/StoreError: .*"pnpm approve-builds better-sqlite3"/)
    copyAddon(folder)
    expect(await runExample(folder)).toBe('pending: 0\n')
    expect(kyselyIn(folder)).toMatch(/^0\.29\./)
  },
  INSTALL_TIMEOUT_MS,
)

it.runIf(Number(process.versions.napi) < 10)(
  'the store rejects better-sqlite3 13 on an old Node.js instead of crashing it',
  async () => {
    const folder = createProject('pnpm-newest')
    await run(folder, ['pnpm', 'add', '--prefer-offline', STORE])
    expect(await runExample(folder)).toMatch(/StoreError: better-sqlite3 13 needs Node\.js 22\.14 or later/)
  },
  INSTALL_TIMEOUT_MS,
)
