import { describe, expect, it } from 'vitest'
import { createGithubBackend } from './github/github-backend.js'
import { createLocalBackend } from './local/local-backend.js'
import { createMemoryBackend } from './memory/index.js'

const directory = '/never/made'
const repository = 'owner/name'
const WRONG = [5, true, {}, ['main'], '\ud800']

describe.each<[string, (options: never) => unknown, object, string[]]>([
  [
    'local',
    createLocalBackend,
    { directory, remote: 'https://a.invalid/b' },
    ['directory', 'branch', 'remote', 'token'],
  ],
  ['github', createGithubBackend, { repository }, ['repository', 'branch', 'token', 'baseUrl']],
  ['memory', createMemoryBackend, {}, ['branch']],
])('options of the %s backend', (_, create, right, names) => {
  it('that are none are misconfigured', () => {
    for (const options of [null, 5, 'main']) {
      expect(() => create(options as never)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
    }
  })

  // Covers IN-66
  it.each(names)('whose %s is not text are misconfigured', (name) => {
    for (const value of WRONG) {
      const options = { ...right, [name]: value }
      expect(() => create(options as never)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
    }
  })
})
