import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { draft } from '../../testing/drafts.js'
import { BASIC_CREDENTIAL, createHttpFixture, TOKEN } from '../testing/http-fixture.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { asGitSyncError, gitFailure, mayHaveBeenSent, reasonIn } from './failure.js'

const failed = (stderr: string) => ({ exitCode: 128, stdout: '', stderr })

describe('gitFailure', () => {
  it.each([
    ['unauthorized', "fatal: could not read Username for 'https://x': terminal prompts disabled"],
    ['unauthorized', "fatal: Authentication failed for 'https://x/'"],
    ['unauthorized', 'git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.'],
    ['forbidden', "fatal: unable to access 'https://x/': The requested URL returned error: 403"],
    ['forbidden', 'ERROR: Permission to a/b.git denied to c.\nfatal: Could not read from remote repository.'],
    ['not-found', "fatal: '/x' does not appear to be a git repository"],
    ['not-found', "remote: Repository not found.\nfatal: repository 'https://x/' not found"],
    ['not-found', 'ERROR: Repository not found.\nfatal: Could not read from remote repository.'],
    ['rate-limited', "fatal: unable to access 'https://x/': The requested URL returned error: 429"],
    ['unavailable', "fatal: unable to access 'https://x/': Could not resolve host: x"],
    ['unavailable', "fatal: unable to access 'https://x/': The requested URL returned error: 503"],
    ['unavailable', 'ssh: connect to host x port 22: Connection refused'],
    ['unavailable', 'fetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF'],
    ['unavailable', 'fatal: write error: No space left on device'],
    ['unavailable', "fatal: Unable to create '/x/refs/heads/main.lock': File exists."],
    ['unavailable', 'remote: fatal: bad object, from a hook\nfatal: early EOF'],
    ['unavailable', 'an unknown message'],
    ['corrupt', 'fatal: bad object refs/heads/main'],
    ['corrupt', 'error: object file ./objects/aa/bb is empty'],
    ['corrupt', 'fatal: loose object aabb (stored in objects/aa/bb) is corrupt'],
    ['corrupt', "fatal: not a git repository: '/x'"],
    ['corrupt', 'fatal: bad config line 1 in file /x/config'],
    ['misconfigured', 'Error: spawn git ENOENT'],
    ['misconfigured', 'Host key verification failed.\nfatal: Could not read from remote repository.'],
    ['misconfigured', "fatal: transport 'ext' not allowed"],
    ['misconfigured', "fatal: detected dubious ownership in repository at '/x'"],
  ])('is %s: %s', (code, stderr) => {
    expect(gitFailure('git push', failed(stderr))).toMatchObject({ code })
  })

  it("is never corrupt for a command that contacts a remote, because the words may be the remote's", () => {
    for (const words of [
      'bad object; is corrupt',
      'fatal: not a git repository',
      'inflate: data stream error',
    ]) {
      expect(gitFailure('git fetch', failed(words), { contactsRemote: true })).toMatchObject({
        code: 'unavailable',
        message: `git fetch exited with code 128: ${words}`,
      })
      expect(gitFailure('git log', failed(words)).code).toBe('corrupt')
    }
  })

  it('is unavailable for a git that was killed, whatever it had printed', () => {
    const stderr = 'fatal: bad object refs/heads/main'
    expect(gitFailure('git log', { exitCode: null, stdout: '', stderr })).toMatchObject({
      code: 'unavailable',
      message: `git log was killed: ${stderr}`,
    })
  })

  it('has a time to wait when the remote limits the rate', () => {
    expect(gitFailure('git push', failed('The requested URL returned error: 429')).retryAfter).toBe(60_000)
  })

  it(
    'maps the HTTP status of a remote to a code, without repeating the token',
    withLocalFixture(async (fixture) => {
      for (const [status, code] of [
        [401, 'unauthorized'],
        [403, 'forbidden'],
        [404, 'not-found'],
        [429, 'rate-limited'],
        [503, 'unavailable'],
      ] as const) {
        const { server, open } = await createHttpFixture(fixture, () => status)
        for (const token of [TOKEN, undefined]) {
          const backend = open(token)
          const errors = [
            await backend.head().catch((error) => error),
            await append(backend, { parent: null, commits: [draft('one')] }).catch((error) => error),
          ]
          for (const error of errors) {
            expect(error).toMatchObject({ name: 'GitSyncError', code })
            expect(JSON.stringify([error.message, error.stack])).not.toContain(BASIC_CREDENTIAL)
          }
        }
        await server.close()
      }
    }),
  )

  it(
    'reports a remote that refuses connections as unavailable',
    withLocalFixture(async (fixture) => {
      const { server, open } = await createHttpFixture(fixture, () => undefined)
      await server.close()
      const backend = open(TOKEN)
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    }),
  )
})

describe('mayHaveBeenSent', () => {
  it('is false for failures before anything is sent', () => {
    expect(mayHaveBeenSent(failed('fatal: Could not resolve host: x'))).toBe(false)
    expect(mayHaveBeenSent(failed("fatal: could not read Username for 'https://x'"))).toBe(false)
    expect(mayHaveBeenSent(failed('fatal: the remote end hung up unexpectedly'))).toBe(true)
    expect(mayHaveBeenSent(failed('remote: hook: Connection refused\nfatal: early EOF'))).toBe(true)
    expect(mayHaveBeenSent(failed('Writing objects: 50% (1/2)\rConnection refused'))).toBe(true)
    expect(mayHaveBeenSent(failed(''))).toBe(true)
  })
})

describe('reasonIn', () => {
  it('is one line of limited length, without progress and control characters', () => {
    const stderr =
      'Writing objects:  50% (1/2)\rWriting objects: 100% (2/2), done.\nremote: no \u001b[31mway\u202e\n'
    expect(reasonIn(stderr)).toBe('remote: no  [31mway')
    expect(reasonIn('x'.repeat(100_000))).toHaveLength(500)
  })
})

describe('asGitSyncError', () => {
  const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: 'mkdir' })

  it.each([
    ['misconfigured', 'EACCES'],
    ['misconfigured', 'ENOTDIR'],
    ['unavailable', 'ENOSPC'],
    ['unavailable', 'EMFILE'],
  ])('is %s: %s', (code, name) => {
    const cause = systemError(name)
    const message = `the repository directory: ${name} in mkdir`
    expect(asGitSyncError(cause)).toMatchObject({ name: 'GitSyncError', code, message, cause })
  })

  it('returns any other error as it is', () => {
    for (const error of [new GitSyncError('corrupt', 'x'), new TypeError('a bug'), 'text', undefined]) {
      expect(asGitSyncError(error)).toBe(error)
    }
  })
})
