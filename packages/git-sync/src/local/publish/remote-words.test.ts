import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append, type GitBackend } from '../../git-backend.js'
import { draft, file, subjectsSince } from '../../testing/drafts.js'
import { startGitHttpServer } from '../testing/git-http-server.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'

const SSH_REMOTE = 'ssh://git@example.invalid/log.git'

/** An `ssh` on the PATH that runs a script instead; `faults` counts how often git was asked to check the repository. */
async function createFakeSsh(folder: string, script: string) {
  const git = '$(PATH=/usr/local/bin:/usr/bin:/bin command -v git)'
  const wrapper = await createGitWrapper(folder, `if [ "$1" = fsck ]; then fault; fi; exec "${git}" "$@"`)
  await writeFile(join(folder, 'bin', 'ssh'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'bin', 'ssh'), 0o755)
  return wrapper
}

const appendOne = (backend: GitBackend) => append(backend, { parent: null, commits: [draft('one')] })

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it succeeded'),
    (error) => error,
  )

describe.skipIf(process.platform === 'win32')('the words of a remote', () => {
  it.each([
    ['in an error packet', `printf '001eERR bad object; is corrupt\\n'`],
    ['on standard error', 'echo "fatal: bad object HEAD; x is corrupt" >&2; exit 128'],
  ])('never count as damage of the local repository: %s', async (_, script) => {
    await withLocalFixture(async ({ folder, open }) => {
      const first = open('copy.git')
      await appendOne(first)
      await first.close()
      const ssh = await createFakeSsh(folder, script)
      const backend = open('copy.git', { ...ssh, remote: SSH_REMOTE })
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        const error = await failureOf(attempt % 2 === 0 ? appendOne(backend) : backend.head())
        expect(['unavailable', 'misconfigured', 'unknown-outcome']).toContain(error.code)
        expect(error.message).toContain('is corrupt')
      }
      expect(await ssh.faults()).toBe(1) // our own git looked once, and found nothing
      expect(await readdir(folder)).not.toContain('copy.git.damaged')
    })()
  })

  it(
    'do not hide damage that our own git finds',
    withLocalFixture(async ({ folder, open }) => {
      const first = open('copy.git')
      await appendOne(first)
      await first.close()
      const ssh = await createFakeSsh(folder, 'echo "fatal: bad object HEAD" >&2; exit 128')
      const tree = (await plainGit(join(folder, 'copy.git'), 'rev-parse', 'main^{tree}')).trim()
      await rm(join(folder, 'copy.git', 'objects', tree.slice(0, 2), tree.slice(2)), { force: true })
      await rm(join(folder, 'copy.git', 'objects', 'pack'), { recursive: true })
      await mkdir(join(folder, 'copy.git', 'objects', 'pack'))
      const backend = open('copy.git', { ...ssh, remote: SSH_REMOTE })
      const error = await failureOf(backend.head())
      expect(error).toMatchObject({ code: 'unavailable', message: /damaged: archived, rebuilding/ })
      expect(await readdir(folder)).toContain('copy.git.damaged')
    }),
  )
})

describe('a remote that does not accept as much at once', () => {
  const large = Array.from({ length: 30 }, (_, number) =>
    draft(`${number}`, file(`${number}`, randomBytes(2_000).toString('hex'))),
  )

  it(
    'rejects many commits with its own words, and accepts fewer: a proxy with a limit',
    withLocalFixture(async ({ remote, open }) => {
      const server = await startGitHttpServer(remote, ({ headers }) =>
        Number(headers['content-length'] ?? 0) > 20_000 ? 413 : undefined,
      )
      const backend = open('copy.git', { remote: server.url })
      const error = await failureOf(append(backend, { parent: null, commits: large }))
      expect(error).toMatchObject({ code: 'rejected', message: expect.stringContaining('413') })
      await append(backend, { parent: null, commits: large.slice(0, 3) })
      expect(await subjectsSince(backend)).toEqual(['0', '1', '2'])
      await server.close()
    }),
  )

  it(
    'rejects many commits with its own words, and accepts fewer: a limit of the remote',
    withLocalFixture(async ({ remote, open }) => {
      await plainGit(remote, 'config', 'receive.maxInputSize', '20000')
      const backend = open('copy.git')
      const error = await failureOf(append(backend, { parent: null, commits: large }))
      expect(error).toMatchObject({ code: 'rejected', message: /pack exceeds maximum allowed size/ })
      await append(backend, { parent: null, commits: large.slice(0, 3) })
      expect(await subjectsSince(backend)).toEqual(['0', '1', '2'])
    }),
  )
})

describe('a failure that a person must fix is misconfigured, with the words of the remote', () => {
  it(
    'a redirect, with the address that it leads to',
    withLocalFixture(async ({ open }) => {
      const server = createServer(({ url = '' }, response) => {
        const location = url.replace('/log/', '/log.git/')
        response.writeHead(301, { location }).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const backend = open('copy.git', { remote: `${origin}/log`, token: 'a-secret-token' })
      for (const work of [() => backend.head(), () => appendOne(backend)]) {
        const error = await failureOf(work())
        expect(error.code).toBe('misconfigured')
        expect(error.message).toContain(`the remote redirects to ${origin}/log.git: set its final address`)
        expect(error.message).not.toContain('a-secret-token')
      }
      server.close()
    }),
  )

  it.skipIf(process.platform === 'win32').each([
    ['nologin', 'echo This account is currently not available.; exit 1', 'This'],
    ['a shell that prints a greeting', 'echo Welcome to the server', 'Welc'],
    [
      'a shell that only prints to standard error',
      'echo No shell access here >&2; exit 1',
      'No shell access',
    ],
  ])('an ssh account without git: %s', async (_, script, words) => {
    await withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git', { ...(await createFakeSsh(folder, script)), remote: SSH_REMOTE })
      expect(await failureOf(backend.head())).toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining(words),
      })
    })()
  })

  it
    .skipIf(process.platform === 'win32')
    .each([
      ['ssh: connect to host example.invalid port 22: No route to host'],
      ['Connection closed by 192.0.2.1 port 22'],
      ['kex_exchange_identification: read: Connection reset by peer'],
    ])('but not a network failure of ssh: %s', async (line) => {
    await withLocalFixture(async ({ folder, open }) => {
      const ssh = await createFakeSsh(folder, `echo '${line}' >&2; exit 255`)
      const backend = open('copy.git', { ...ssh, remote: SSH_REMOTE })
      expect(await failureOf(backend.head())).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(line),
      })
    })()
  })

  it(
    'a SHA-256 remote, with or without commits',
    withLocalFixture(async ({ folder, open }) => {
      const remote = join(folder, 'sha256.git')
      await plainGit(folder, 'init', '--quiet', '--bare', '--object-format=sha256', remote)
      expect(await failureOf(appendOne(open('empty.git', { remote })))).toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining('hash algorithm'),
      })
      const git = (...args: string[]) =>
        plainGit(remote, '-c', 'user.name=p', '-c', 'user.email=p@p', ...args)
      const tree = (await git('hash-object', '-t', 'tree', '-w', '/dev/null')).trim()
      await git('update-ref', 'refs/heads/main', (await git('commit-tree', '-m', 'x', tree)).trim())
      for (const work of [(backend: GitBackend) => backend.head(), subjectsSince]) {
        expect(await failureOf(work(open('copy.git', { remote })))).toMatchObject({
          code: 'misconfigured',
          message: expect.stringContaining('SHA-256'),
        })
      }
    }),
  )

  it.each([
    ['main/old', 'main'],
    ['main', 'main/new'],
  ])('a branch whose name collides: %s exists, %s is appended to', async (existing, branch) => {
    await withLocalFixture(async ({ open }) => {
      await appendOne(open('other.git', { branch: existing }))
      expect(await failureOf(appendOne(open('copy.git', { branch })))).toMatchObject({
        code: 'misconfigured',
        message: expect.stringMatching(/collides with another branch: .*'refs\/heads\/main.*' exists/),
      })
    })()
  })

  it(
    'a branch whose name collides with one in the local repository',
    withLocalFixture(async ({ open, folder }) => {
      const own = open('own.git', { remote: null })
      await appendOne(own)
      await own.close()
      const remote = join(folder, 'remote.git')
      await plainGit(join(folder, 'own.git'), 'push', '--quiet', remote, 'main:refs/heads/main/new')
      const backend = open('own.git', { branch: 'main/new' })
      expect(await failureOf(subjectsSince(backend))).toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining("'refs/heads/main' exists"),
      })
    }),
  )
})
