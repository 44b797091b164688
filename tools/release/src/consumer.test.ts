import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { packageFolders, publishedEntries, ROOT } from './published-packages.js'
import { run } from './run.js'

const folder = inject('consumer')

beforeAll(() => cpSync(join(ROOT, 'tools/release/consumers'), folder, { recursive: true }))

const node = (...args: string[]) => run(folder, ['node', ...args])

/** What one entry offers, and the packages that were loaded for it, by import and by require. */
async function load(specifier: string) {
  const outputs = await Promise.all(['load.mjs', 'load.cjs'].map((script) => node(script, specifier)))
  expect(outputs.map(({ stderr }) => stderr)).toEqual(['', ''])
  return outputs.map(({ stdout }): { names: string[]; packages: string[] } => JSON.parse(stdout))
}

describe('the first example of a README runs as it stands', () => {
  const output: Record<string, RegExp> = {
    core: /content: 'Hello, Git'.*is_synchronized: true/s,
    'git-sync': /^true Second entry entries\/2\.txt world$/m,
    store: /^copying messages\/1\.json$.*pending: 0/ms,
  }

  it.each(packageFolders())('%s', async (name) => {
    const readme = readFileSync(join(folder, 'node_modules/@gitmsg', name, 'README.md'), 'utf8')
    const [, example = ''] = /^```js\n(.*?)^```$/ms.exec(readme) ?? []
    mkdirSync(join(folder, `readme-${name}`))
    writeFileSync(join(folder, `readme-${name}`, 'example.mjs'), example)
    const { stdout, stderr } = await run(join(folder, `readme-${name}`), ['node', 'example.mjs'])
    expect(stdout).toMatch(output[name] ?? /never/)
    expect(stderr).toBe('')
  })
})

/** The dependencies whose loading is not for nothing, by the entries that need them. */
const HEAVY = ['better-sqlite3', 'kysely', 'simple-git', '@octokit/rest', 'uuid', 'vitest', 'zod']
const loads: Record<string, string[]> = {
  '@gitmsg/core': ['better-sqlite3', 'kysely', 'uuid', 'zod'],
  '@gitmsg/git-sync': [],
  '@gitmsg/git-sync/github': ['@octokit/rest'],
  '@gitmsg/git-sync/local': ['simple-git'],
  '@gitmsg/git-sync/memory': [],
  '@gitmsg/git-sync/testing': ['vitest'],
  '@gitmsg/store': ['better-sqlite3', 'kysely'],
  '@gitmsg/store/testing': ['better-sqlite3', 'kysely', 'vitest'],
}

describe('an entry offers the same to import and to require, and loads only what it needs', () => {
  it.each(publishedEntries())('$specifier', async ({ specifier }) => {
    const [imported, required] = await load(specifier)
    expect(imported?.names).not.toEqual([])
    expect(required?.names).toEqual(imported?.names)
    for (const loaded of [imported, required]) {
      expect(loaded?.packages.filter((name) => HEAVY.includes(name)).sort()).toEqual(loads[specifier])
    }
  })
})

it('takes a message through the whole journey in CommonJS', async () => {
  expect(await node('journey.cjs')).toEqual({ stdout: 'true\n', stderr: '' })
})

it('knows its own errors where the ES modules and the CommonJS modules are mixed', async () => {
  const { stdout } = await node('two-copies.mjs')
  expect(stdout.trim().split('\n')).toEqual([
    'two classes true',
    'one error true',
    'not any error false',
    'an engine knows idempotency_key_reused',
  ])
})

it('runs the contracts on a backend and a store of its own', async () => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json']
  const { stdout } = await node(...vitest, 'contract.test.mjs')
  const { success, numPassedTests } = JSON.parse(stdout)
  expect(success).toBe(true)
  expect(numPassedTests).toBeGreaterThan(90)
})

it.each([
  ['node16', ['typed.mts', 'typed.cts'], ['--module', 'node16']],
  ['bundler', ['typed.ts'], ['--module', 'esnext', '--moduleResolution', 'bundler']],
])('type-checks strictly, declarations too, with %s resolution', async (_, files, options) => {
  const typed = readFileSync(join(ROOT, 'tools/release/consumers/typed.ts'))
  for (const file of files) writeFileSync(join(folder, file), typed)
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node']
  await run(folder, ['node', join(ROOT, 'node_modules/typescript/bin/tsc'), ...strict, ...options, ...files])
})
