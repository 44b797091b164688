import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { BASIC_CREDENTIAL, createHttpFixture, TOKEN } from '../testing/http-fixture.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { createGitEnvironment } from './environment.js'

const settingsIn = (variables: Record<string, string>): Record<string, string | undefined> =>
  Object.fromEntries(
    Array.from({ length: Number(variables.GIT_CONFIG_COUNT) }, (_, index) => [
      variables[`GIT_CONFIG_KEY_${index}`],
      variables[`GIT_CONFIG_VALUE_${index}`],
    ]),
  )

/** The content of all files below a folder. */
async function everyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const contents = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
  )
  expect(contents.length).toBeGreaterThan(5)
  return contents.join('\n')
}

describe('createGitEnvironment', () => {
  // Covers V12.3.2
  it('passes only listed variables', () => {
    const environment = { PATH: '/bin', https_proxy: 'http://proxy', GIT_DIR: '/x', HOME: '/x', EDITOR: 'x' }
    const variables = createGitEnvironment({
      directory: '/data',
      remote: null,
      token: undefined,
      environment,
    })
    expect(variables).toMatchObject({
      PATH: '/bin',
      https_proxy: 'http://proxy',
      GIT_DIR: '/data',
      HOME: '/data',
    })
    expect(variables).not.toHaveProperty('EDITOR')
  })

  // Covers V1.3.6, V13.2.4
  it('allows only the protocol of the remote, and sends the token to its URL only', () => {
    const remote = { url: 'https://example.invalid/a.git', scheme: 'https' } as const
    const settings = settingsIn(
      createGitEnvironment({ directory: '/data', remote, token: 'hunter2', environment: {} }),
    )
    expect(settings).toMatchObject({
      'protocol.allow': 'never',
      'protocol.https.allow': 'always',
      'credential.helper': '',
      'http.lowSpeedTime': '20',
      'http.https://example.invalid/a.git.extraHeader': `Authorization: Basic ${btoa('x-access-token:hunter2')}`,
    })
    expect(settings).not.toHaveProperty('protocol.file.allow')
  })

  // Covers V13.2.4
  it('allows no protocol if there is no remote', () => {
    const variables = createGitEnvironment({
      directory: '/d',
      remote: null,
      token: undefined,
      environment: {},
    })
    expect(Object.values(variables)).not.toContain('always')
  })

  // Covers V13.2.2
  it(
    'keeps a hostile environment away from git',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(folder, `env >> '${folder}/seen'; fault`)
      const backend = open('copy.git', {
        environment: {
          ...wrapper.environment,
          GIT_DIR: '/nowhere',
          GIT_INDEX_FILE: '/nowhere',
          GIT_CONFIG_PARAMETERS: "'core.bare'='false'",
          GIT_EXEC_PATH: '/nowhere',
          GIT_TRACE: '1',
          LC_ALL: 'tr_TR.UTF-8',
          LD_PRELOAD: '/nowhere',
        },
      })
      await append(backend, { parent: null, commits: [draft('one')] })
      await backend.close()
      expect(await wrapper.faults()).toBeGreaterThan(3)
      const seen = await readFile(join(folder, 'seen'), 'utf8')
      expect(seen).not.toMatch(/nowhere|GIT_TRACE|tr_TR|GIT_CONFIG_PARAMETERS|^npm_|^VITEST/m)
      expect(seen).toContain('LC_ALL=C')
    }),
  )

  it(
    'sends the token to the remote, and leaves it in no file, log or option',
    withLocalFixture(async (fixture) => {
      const requireToken = (header: string | undefined) =>
        header === `Basic ${BASIC_CREDENTIAL}` ? undefined : 401
      const { server, open, logged } = await createHttpFixture(fixture, requireToken)
      const backend = open(TOKEN)
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      await append(backend, { parent, commits: [draft('two')] })
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
      expect([...server.authorizations]).toContain(`Basic ${BASIC_CREDENTIAL}`)
      expect(backend.info.remote).toBe(server.url)

      const everything = [await everyFile(fixture.folder), ...logged].join('\n')
      for (const form of [TOKEN, BASIC_CREDENTIAL, encodeURIComponent(TOKEN)])
        expect(everything).not.toContain(form)
      expect(logged).toContain('git push')
      await server.close()
    }),
  )
})
