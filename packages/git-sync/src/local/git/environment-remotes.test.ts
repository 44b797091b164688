import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, subjectsSince } from '../../testing/drafts.js'
import { createPrivateAuthority, startConnectProxy, startHttpsFront } from '../../testing/private-https.js'
import { startGitHttpServer } from '../testing/git-http-server.js'
import { BASIC_CREDENTIAL, createHttpFixture, TOKEN } from '../testing/http-fixture.js'
import { type LocalFixture, withLocalFixture } from '../testing/local-fixture.js'
import { sshCommand } from './ssh-command.js'

const PATH = '/usr/local/bin:/usr/bin:/bin'

/** The fixture's remote over https, with a certificate that only its own authority vouches for. */
async function serveOverHttps({ folder, remote }: LocalFixture) {
  const authority = await createPrivateAuthority(folder)
  const server = await startGitHttpServer(remote, () => undefined)
  const front = await startHttpsFront(server.url, authority)
  return {
    caFile: authority.caFile,
    front,
    url: (host: string) => `https://${host}:${front.port}/remote.git`,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]()
      await server.close()
    },
  }
}

describe('a remote with a certificate of a private authority', () => {
  it(
    'is reached with a CA file, and only with it',
    withLocalFixture(async (fixture) => {
      await using https = await serveOverHttps(fixture)
      const remote = https.url('localhost')
      const error = await fixture.open('untrusting.git', { remote }).head().catch(String)
      expect(error).toMatch(/certificate/)
      expect(https.front.requests).toEqual([])

      const backend = fixture.open('copy.git', { remote, caFile: https.caFile })
      await append(backend, { parent: null, commits: [draft('one')] })
      expect(await subjectsSince(backend)).toEqual(['one'])
    }),
  )

  it(
    'is reached through the proxy of the environment',
    withLocalFixture(async (fixture) => {
      await using https = await serveOverHttps(fixture)
      await using proxy = await startConnectProxy()
      const environment = { PATH, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'localhost' }
      const options = { caFile: https.caFile, environment }
      const backend = fixture.open('copy.git', { ...options, remote: https.url('git.example.test') })
      await append(backend, { parent: null, commits: [draft('one')] })
      expect(new Set(proxy.requests)).toEqual(new Set([`git.example.test:${https.front.port}`]))

      const tunnels = proxy.requests.length
      const direct = fixture.open('direct.git', { ...options, remote: https.url('localhost') })
      expect(await subjectsSince(direct)).toEqual(['one'])
      expect(proxy.requests).toHaveLength(tunnels)
    }),
  )
})

describe('a host that requires a certain user name', () => {
  const credential = Buffer.from(`deploy-7:${TOKEN}`).toString('base64')

  it(
    'gets it with the token, and neither of them appears in a log',
    withLocalFixture(async (fixture) => {
      const requireUser = (header: string | undefined) => (header === `Basic ${credential}` ? undefined : 401)
      const { server, logged } = await createHttpFixture(fixture, requireUser)
      const log = (details: object, message: string) =>
        void (logged as string[]).push(JSON.stringify(details), message)
      const logger = { debug: log, info: log, warn: log, error: log }
      const options = { remote: server.url, token: TOKEN, logger }
      const refused = await fixture
        .open('default.git', options)
        .head()
        .catch((error) => error)
      expect(refused).toMatchObject({ code: 'unauthorized' })

      const backend = fixture.open('copy.git', { ...options, user: 'deploy-7' })
      await append(backend, { parent: null, commits: [draft('one')] })
      expect(await subjectsSince(backend)).toEqual(['one'])
      expect(logged).toContain('git push')
      for (const form of [TOKEN, credential, BASIC_CREDENTIAL]) expect(logged.join()).not.toContain(form)
      await server.close()
    }),
  )

  it.each(['', 'a:b', 'a\nb', 5])('cannot be given a name that no header can carry: %j', (user) => {
    const fixture = () =>
      withLocalFixture(async ({ open }) => void open('copy.git', { user: user as string }))()
    return expect(fixture()).rejects.toMatchObject({ code: 'misconfigured' })
  })
})

/** What the real ssh makes of options: its settings by their names. */
function settingsOfSsh(args: readonly string[]): Map<string, string> {
  const output = execFileSync('ssh', ['-F', '/dev/null', '-G', ...args], { encoding: 'utf8' })
  return new Map(output.split('\n').map((line) => [line.split(' ')[0] ?? '', line.replace(/^\S+ /, '')]))
}

describe('an ssh remote', () => {
  it(
    'is reached with the key file and the known hosts of the options, whatever their names',
    withLocalFixture(async ({ folder, remote, open }) => {
      const bin = join(folder, 'bin')
      const log = join(folder, 'ssh arguments')
      await mkdir(bin)
      // An ssh that records its arguments and runs the remote's command on this machine.
      const script = `#!/bin/sh\nprintf '%s\\n' "$@" > '${log}'\nfor last; do :; done\nPATH=${PATH} exec sh -c "$last"\n`
      await writeFile(join(bin, 'ssh'), script)
      await chmod(join(bin, 'ssh'), 0o755)
      const sshKeyFile = join(folder, "Ada's key 100%h")
      const sshKnownHostsFile = join(folder, 'known hosts $HOME')
      const backend = open('copy.git', {
        remote: `ssh://git@git.example.test${remote.replaceAll(' ', '%20')}`,
        environment: { PATH: `${bin}:${PATH}` },
        sshKeyFile,
        sshKnownHostsFile,
      })
      await append(backend, { parent: null, commits: [draft('one')] })
      expect(await subjectsSince(backend)).toEqual(['one'])

      const recorded = (await readFile(log, 'utf8')).split('\n')
      const options = recorded.filter((line) => /^-o\w/.test(line))
      const settings = settingsOfSsh([...options, 'git.example.test'])
      expect(settings.get('identityfile')).toMatch(/Ada's key 100%+h$/)
      expect(settings.get('identitiesonly')).toBe('yes')
      expect(settings.get('userknownhostsfile')).toContain('known hosts $HOME')
      expect(settings.get('stricthostkeychecking')).toBe('true')
      expect(settings.get('batchmode')).toBe('yes')
    }),
  )

  it('uses the usual files of ssh without options', () => {
    expect(sshCommand({})).toBe(
      'ssh -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=5 -oServerAliveCountMax=3',
    )
  })

  it.each(['', 'a"b', 'a\\b', 'a\nb', `/srv/${'$'}{HOME}/key`])(
    'cannot be given a file name that ssh would read differently: %j',
    (sshKeyFile) => {
      const opening = withLocalFixture(async ({ open }) => void open('copy.git', { sshKeyFile }))()
      return expect(opening).rejects.toMatchObject({ code: 'misconfigured' })
    },
  )
})
