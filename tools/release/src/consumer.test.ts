import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { packageFolders, publishedEntries, ROOT } from './published-packages.js'
import { run } from './run.js'
import { firstExample, runFirstExample } from './testing/readme-examples.js'

const folder = inject('consumer')

beforeAll(() => cpSync(join(ROOT, 'tools/release/consumers'), folder, { recursive: true }))

const node = (...args: string[]) => run(folder, ['node', ...args])

/** The names that one entry exports and the packages loaded for it: with `import`, then with `require`. */
async function load(specifier: string) {
  const outputs = await Promise.all(['load.mjs', 'load.cjs'].map((script) => node(script, specifier)))
  expect(outputs.map(({ stderr }) => stderr)).toEqual(['', ''])
  return outputs.map(({ stdout }): { names: string[]; packages: string[] } => JSON.parse(stdout))
}

const MAX_EXAMPLE_LINES = 10

describe("the first example of a package's README", () => {
  it.each(packageFolders())('runs as printed: %s', (name) => runFirstExample(name, { folder }))

  it.each(packageFolders())(`has at most ${MAX_EXAMPLE_LINES} lines of code: %s`, (name) => {
    const lines = firstExample(folder, name).split('\n')
    const code = lines.filter((line) => line.trim() !== '')
    expect(code).not.toEqual([])
    expect(code.length).toBeLessThanOrEqual(MAX_EXAMPLE_LINES)
  })
})

/** Dependencies that are slow to load, and the entries that may load them. */
const HEAVY = [
  ...['@node-rs/argon2', '@octokit/rest', '@zxcvbn-ts/language-common', 'better-sqlite3', 'kysely'],
  ...['pg', 'simple-git', 'unhomoglyph', 'uuid', 'vitest', 'zod'],
]
const HEAVY_BY_ENTRY: Record<string, string[]> = {
  '@gitmsg/accounts': ['better-sqlite3', 'kysely'],
  '@gitmsg/accounts/postgres': ['kysely', 'pg'],
  '@gitmsg/accounts/testing': ['better-sqlite3', 'kysely', 'vitest'],
  '@gitmsg/client': [],
  '@gitmsg/core': ['better-sqlite3', 'kysely', 'uuid', 'zod'],
  '@gitmsg/git-sync': [],
  '@gitmsg/git-sync/github': ['@octokit/rest'],
  '@gitmsg/git-sync/local': ['simple-git'],
  '@gitmsg/git-sync/memory': [],
  '@gitmsg/git-sync/testing': ['vitest'],
  '@gitmsg/store': ['better-sqlite3', 'kysely'],
  '@gitmsg/store/postgres': ['kysely', 'pg'],
  '@gitmsg/store/testing': ['better-sqlite3', 'kysely', 'vitest'],
}

describe('an entry', () => {
  it.each(publishedEntries())(
    'exports the same to import and require, and loads only what it needs: $specifier',
    async ({ specifier }) => {
      const [imported, required] = await load(specifier)
      expect(imported?.names).not.toEqual([])
      expect(required?.names).toEqual(imported?.names)
      for (const loaded of [imported, required]) {
        expect(loaded?.packages.filter((name) => HEAVY.includes(name)).sort()).toEqual(
          HEAVY_BY_ENTRY[specifier],
        )
      }
    },
  )
})

it('the packages commit a posted message when used from CommonJS', async () => {
  expect(await node('journey.cjs')).toEqual({ stdout: 'true\n', stderr: '' })
})

it('instanceof recognizes errors across the ES module and CommonJS copies of a package', async () => {
  const { stdout } = await node('two-copies.mjs')
  expect(stdout.trim().split('\n')).toEqual([
    'two classes true',
    'one error true',
    'not any error false',
    'an engine knows idempotency-key-reused',
  ])
})

it("the contract suites run on a consumer's own backend and store", async () => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--test-timeout=60000']
  const { stdout } = await node(...vitest, 'memory.contract', 'store.contract')
  const { success, numPassedTests } = JSON.parse(stdout)
  expect(success).toBe(true)
  expect(numPassedTests).toBeGreaterThan(90)
})

/** What uses `await using`, and standard requests. */
const EMBEDDING = ['--lib', 'es2022,dom,dom.iterable,esnext.disposable']

it.each([
  ['node16', 'typed.ts', ['typed.mts', 'typed.cts'], ['--module', 'node16']],
  ['bundler', 'typed.ts', ['typed.ts'], ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ['node16, embedding', 'typed-handler.ts', ['typed-handler.mts'], ['--module', 'node16', ...EMBEDDING]],
])(
  'the declarations type-check under strict settings with module resolution: %s',
  async (_, source, files, options) => {
    const typed = readFileSync(join(ROOT, 'tools/release/consumers', source))
    for (const file of files) writeFileSync(join(folder, file), typed)
    const strict = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--target',
      'es2022',
      '--types',
      'node',
    ]
    await run(folder, [
      'node',
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      ...strict,
      ...options,
      ...files,
    ])
  },
)
