import { spawnSync } from 'node:child_process'
import { array, assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGithubBackend } from './github/github-backend.js'
import { createLocalBackend } from './local/local-backend.js'
import { createMemoryBackend } from './memory/index.js'
import { assertBranchName, assertOptions } from './validate-options.js'

const MISCONFIGURED = expect.objectContaining({ name: 'GitSyncError', code: 'misconfigured' })
const INVALID_TEXTS = [5, true, {}, ['main'], '\ud800']

describe('assertOptions', () => {
  const known = { branch: true, token: true } as const

  it('accepts known options, also if they are undefined', () => {
    expect(() => assertOptions({ branch: 'main', token: undefined }, known)).not.toThrow()
    expect(() => assertOptions({}, known)).not.toThrow()
  })

  it.each([null, undefined, 5, 'main'])('rejects options that are not an object: %j', (options) => {
    expect(() => assertOptions(options, known)).toThrow(MISCONFIGURED)
  })

  it.each(['Branch', 'branches', 'toString', '__proto__'])(
    'rejects an unknown option by its name: %s',
    (name) => {
      const options = Object.fromEntries([[name, 'hunter2-value']])
      expect(() => assertOptions(options, known)).toThrow(MISCONFIGURED)
      expect(() => assertOptions(options, known)).toThrow(
        expect.objectContaining({ message: `unknown option "${name}"` }),
      )
    },
  )

  it('puts a prefix before the name of an unknown option', () => {
    expect(() => assertOptions({ reed: 5 }, { read: true }, 'timeouts.')).toThrow(
      'unknown option "timeouts.reed"',
    )
    expect(() => assertOptions(5, { read: true }, 'timeouts.')).toThrow('timeouts is not an object')
  })

  it('removes tokens from the name of an unknown option', () => {
    const options = { ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789: true }
    expect(() => assertOptions(options, known)).toThrow('unknown option "[redacted]"')
  })
})

describe.each<[string, (options: never) => unknown, object, string[]]>([
  [
    'createLocalBackend',
    createLocalBackend,
    { directory: '/never/created', remote: 'https://a.invalid/b' },
    ['directory', 'branch', 'remote', 'token'],
  ],
  [
    'createGithubBackend',
    createGithubBackend,
    { repository: 'owner/name' },
    ['repository', 'branch', 'token', 'baseUrl'],
  ],
  ['createMemoryBackend', createMemoryBackend, {}, ['branch']],
])('%s', (_, create, valid, texts) => {
  it('rejects options that are not an object', () => {
    for (const options of [null, 5, 'main']) expect(() => create(options as never)).toThrow(MISCONFIGURED)
  })

  // Covers IN-66
  it.each(texts)('rejects an option that is not well-formed text: %s', (name) => {
    for (const value of INVALID_TEXTS) {
      expect(() => create({ ...valid, [name]: value } as never)).toThrow(MISCONFIGURED)
    }
  })
})

describe.each<[string, (options: never) => unknown, object]>([
  ['createGithubBackend', createGithubBackend, { repository: 'owner/name' }],
  ['createMemoryBackend', createMemoryBackend, {}],
])('%s', (_, create, valid) => {
  it.each(['brnach', 'Branch', 'remote'])('rejects an option that it does not know: %s', (name) => {
    const creating = () => create({ ...valid, [name]: 'hunter2' } as never)
    expect(creating).toThrow(MISCONFIGURED)
    expect(creating).toThrow(expect.objectContaining({ message: `unknown option "${name}"` }))
  })
})

const accepts = (name: string): boolean => {
  try {
    assertBranchName(name)
    return true
  } catch (error) {
    expect(error).toEqual(MISCONFIGURED)
    return false
  }
}

const gitAccepts = (name: string): boolean =>
  spawnSync('git', ['check-ref-format', `refs/heads/${name}`]).status === 0 && !name.startsWith('-')

const VALID_BRANCHES = ['main', 'logs/2025', 'größe', 'a.b', 'a@b', 'a-']
const INVALID_BRANCHES = ['', '@', 'HEAD', '-a', 'a..b', 'a.', '/a', 'a/', 'a//b', '.a', 'a/.b']

describe('assertBranchName', () => {
  it.each(VALID_BRANCHES)('accepts a branch name: %j', (name) => expect(accepts(name)).toBe(true))

  // Covers IN-68
  it.each([...INVALID_BRANCHES, 'a.lock', 'a.lock/b', 'a b'])('rejects a branch name: %j', (name) => {
    expect(accepts(name)).toBe(false)
  })

  it('agrees with git about names of awkward pieces', () => {
    const pieces = ['a', '.', '/', '@', '{', '..', '.lock', ' ', '~', '\\', '*', '[', '-', 'ü', '\u007f']
    assert(
      property(array(constantFrom(...pieces), { minLength: 2, maxLength: 5 }), (taken) => {
        const name = taken.join('')
        expect(accepts(name), JSON.stringify(name)).toBe(gitAccepts(name))
      }),
      { numRuns: 300 },
    )
  })

  // Covers IN-68, V1.2.5
  it('accepts no name that git rejects', () => {
    const name = string({ minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0'))
    assert(
      property(name, (text) => !accepts(text) || gitAccepts(text)),
      { numRuns: 200 },
    )
  })
})
