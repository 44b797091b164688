import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { packageFolders, ROOT, readManifest } from '../published-packages.js'
import { run } from '../run.js'
import { runFirstExample } from '../testing/readme-examples.js'
import { postAndRead, servedUrl, start } from '../testing/running-program.js'
import { openStranger, type Stranger } from '../testing/stranger.js'
import { SETUPS, type Setup } from './setups.js'

/** All contract suites: more than these, so that none is left out. */
const MIN_CONTRACT_TESTS = 350

const runtimes = new Map<string, Promise<string>>()

/** Installs the programs of a setup, once for all that share them; resolves with their `node_modules`. */
function installRuntime({ packages }: Setup): Promise<string> {
  const key = packages.join(' ')
  const known = runtimes.get(key) ?? install()
  runtimes.set(key, known)
  return known

  async function install(): Promise<string> {
    const folder = join(inject('strangers'), `runtime-${runtimes.size}`)
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const quietly = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
    await run(folder, ['npm', 'install', ...quietly, ...packages])
    return join(folder, 'node_modules')
  }
}

/** Creates an empty folder, apart from the files that the setup needs. */
async function strangerWith(setup: Setup, purpose: string): Promise<Stranger> {
  const modules = await installRuntime(setup)
  const folder = join(inject('strangers'), `${purpose}-${SETUPS.indexOf(setup)}`)
  const path = setup.path.map((bin) => join(modules, bin))
  const stranger = openStranger(folder, inject('registry'), path)
  for (const [name, text] of Object.entries(setup.files ?? {})) writeFileSync(join(folder, name), text)
  return stranger
}

it.each(SETUPS)('gitmsg serves, commits what is posted, and ends without an error: $name', async (setup) => {
  const stranger = await strangerWith(setup, 'program')
  const program = start(setup.program, stranger)
  const url = await servedUrl(program)
  expect(await postAndRead(url, stranger.folder)).toContain('Message 1 from alice\n')
  program.stop('SIGTERM')
  const output = await program.ended
  expect(output).toMatch(/"stopped"/)
  expect(output).not.toMatch(/"level":[56]0|TypeError/)
})

it.each(SETUPS)(
  'the libraries run the examples of their READMEs and their contract suites: $name',
  async (setup) => {
    const { folder, env } = await strangerWith(setup, 'libraries')
    const command = setup.run
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const libraries = packageFolders().map((name) => `@gitmsg/${name}`)
    const { version } = readManifest(join(ROOT, 'node_modules/vitest'))
    await run(folder, [...setup.add, ...libraries, `vitest@${version}`], env)

    for (const name of packageFolders()) await runFirstExample(name, { folder, command, env })

    cpSync(join(ROOT, 'tools/release/consumers'), folder, { recursive: true })
    expect(await run(folder, [...command, 'journey.cjs'], env)).toMatchObject({ stdout: 'true\n' })
    const options = ['run', '--reporter=dot', '--test-timeout=60000', '.contract.test.mjs']
    const expected = { ...env, EXPECTED_RUNTIME: setup.runtime }
    const suites = await run(folder, [...command, 'node_modules/vitest/vitest.mjs', ...options], expected)
    const [, passed] = /Tests {2}(\d+) passed \(/.exec(suites.stdout) ?? []
    expect(Number(passed)).toBeGreaterThan(MIN_CONTRACT_TESTS)
  },
)

it('pnpm dlx gitmsg names the Node.js that it needs: Node.js 20.19, pnpm', async () => {
  const setup = SETUPS.find(({ name }) => name === 'Node.js 20.19, pnpm') as Setup
  const { folder, env } = await strangerWith({ ...setup, files: {} }, 'dlx')
  const output = await start('pnpm dlx gitmsg', { folder, env }).ended
  expect(output).toMatch(/gitmsg: better-sqlite3 13 needs Node\.js 22\.14 or later/)
})
