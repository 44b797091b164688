import { expect, it } from 'vitest'
import { createGitEnvironment } from './environment.js'

const settingsIn = (variables: Record<string, string>): Record<string, string | undefined> =>
  Object.fromEntries(
    Array.from({ length: Number(variables.GIT_CONFIG_COUNT) }, (_, index) => [
      variables[`GIT_CONFIG_KEY_${index}`],
      variables[`GIT_CONFIG_VALUE_${index}`],
    ]),
  )

// Covers V12.3.2
it('passes on only what is on the list', () => {
  const environment = { PATH: '/bin', https_proxy: 'http://proxy', GIT_DIR: '/x', HOME: '/x', EDITOR: 'x' }
  const variables = createGitEnvironment({ directory: '/data', remote: null, token: undefined, environment })
  expect(variables).toMatchObject({
    PATH: '/bin',
    https_proxy: 'http://proxy',
    GIT_DIR: '/data',
    HOME: '/data',
  })
  expect(variables).not.toHaveProperty('EDITOR')
})

// Covers V1.3.6, V13.2.4
it('allows one protocol, and sends the token to one address', () => {
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
it('allows no protocol where there is no remote', () => {
  const variables = createGitEnvironment({ directory: '/d', remote: null, token: undefined, environment: {} })
  expect(Object.values(variables)).not.toContain('always')
})
