import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openGitmsg } from './open-gitmsg.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitmsg-remotes-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))

/** A program that is found before the others on the PATH. */
function install(name: string, script: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
  return `${bin}:${process.env.PATH}`
}

describe.skipIf(process.platform === 'win32')('openGitmsg() passes on what a remote needs', () => {
  it('the user name of the token', async () => {
    const authorizations = new Set<string | undefined>()
    const server = createServer(({ headers }, response) => {
      authorizations.add(headers.authorization)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log.git`
    await using gitmsg = await openGitmsg({
      directory: folder,
      remote,
      token: 'a-token',
      user: 'deploy',
      environment: process.env,
    })
    expect(await gitmsg.sync()).toMatchObject({ last_error: { code: 'unauthorized' } })
    expect(authorizations).toEqual(new Set([`Basic ${Buffer.from('deploy:a-token').toString('base64')}`]))
    server.close()
  })

  it('the key and the known hosts of ssh', async () => {
    const remote = join(folder, 'remote.git')
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])
    // The last argument is the command, e.g. git-receive-pack 'log.git'.
    const run = `for last; do :; done; eval "\${last%% *} '${remote}'"`
    const PATH = install('ssh', `echo "$*" >> '${folder}/seen'; ${run}`)
    const files = { sshKeyFile: join(folder, 'key'), sshKnownHostsFile: join(folder, 'hosts') }
    await using gitmsg = await openGitmsg({
      directory: join(folder, 'data'),
      remote: 'git@example.test:log.git',
      ...files,
      environment: { PATH },
    })
    await gitmsg.post({ content: 'Hello, Git', sender: 'alice' })
    expect(await gitmsg.sync()).toMatchObject({ pending: 0, last_error: null })
    const seen = readFileSync(join(folder, 'seen'), 'utf8')
    for (const path of Object.values(files)) expect(seen).toContain(path)
  })

  it('the certificate authorities', async () => {
    const PATH = install('git', `env >> '${folder}/seen'; PATH='${process.env.PATH}' exec git "$@"`)
    const caFile = join(folder, 'authorities.pem')
    await using gitmsg = await openGitmsg({
      directory: join(folder, 'data'),
      remote: 'https://127.0.0.1:9/log.git',
      caFile,
      environment: { PATH },
    })
    expect(await gitmsg.sync()).toMatchObject({ last_error: { code: expect.any(String) } })
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toMatch(
      /GIT_CONFIG_KEY_(\d+)=http\.sslCAInfo[\s\S]*GIT_CONFIG_VALUE_\1=.*authorities\.pem/,
    )
  })

  it.each([{ user: 'a:b' }, { sshKeyFile: '' }, { maxFetchBytes: 0 }])('and rejects %j', async (options) => {
    const opening = openGitmsg({ directory: join(folder, 'data'), remote: '/srv/log.git', ...options })
    await expect(opening).rejects.toMatchObject({ code: 'misconfigured' })
  })

  it.each(['user', 'sshKeyFile', 'sshKnownHostsFile', 'maxFetchBytes'])(
    'but not %s with GitHub',
    async (name) => {
      const github = { repository: 'owner/name', token: 't' }
      const opening = openGitmsg({ directory: join(folder, 'data'), github, [name]: 'x' })
      await expect(opening).rejects.toThrow(`${name} cannot be combined with github`)
    },
  )
})
