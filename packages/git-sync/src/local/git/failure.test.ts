import { expect, it } from 'vitest'
import { gitFailure, mayHaveBeenSent, reasonIn } from './failure.js'

const failed = (stderr: string) => ({ exitCode: 128, stdout: '', stderr })

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
  ['unavailable', 'remote: fatal: bad object, says a hook\nfatal: early EOF'],
  ['unavailable', 'something that nobody has seen before'],
  ['corrupt', 'fatal: bad object refs/heads/main'],
  ['corrupt', 'error: object file ./objects/aa/bb is empty'],
  ['corrupt', 'fatal: loose object aabb (stored in objects/aa/bb) is corrupt'],
  ['corrupt', "fatal: not a git repository: '/x'"],
  ['corrupt', 'fatal: bad config line 1 in file /x/config'],
  ['misconfigured', 'Error: spawn git ENOENT'],
  ['misconfigured', 'Host key verification failed.\nfatal: Could not read from remote repository.'],
  ['misconfigured', "fatal: transport 'ext' not allowed"],
  ['misconfigured', "fatal: detected dubious ownership in repository at '/x'"],
])('%s: %s', (code, stderr) => {
  expect(gitFailure('git push', failed(stderr))).toMatchObject({ code })
})

it('says how long to wait when told to slow down', () => {
  expect(gitFailure('git push', failed('The requested URL returned error: 429')).retryAfter).toBe(60_000)
})

it('knows which failures come before anything is sent', () => {
  expect(mayHaveBeenSent(failed('fatal: Could not resolve host: x'))).toBe(false)
  expect(mayHaveBeenSent(failed("fatal: could not read Username for 'https://x'"))).toBe(false)
  expect(mayHaveBeenSent(failed('fatal: the remote end hung up unexpectedly'))).toBe(true)
  expect(mayHaveBeenSent(failed('remote: hook: Connection refused\nfatal: early EOF'))).toBe(true)
  expect(mayHaveBeenSent(failed(''))).toBe(true)
})

it('gives the reason on one line, without progress or control characters, and not too long', () => {
  const stderr =
    'Writing objects:  50% (1/2)\rWriting objects: 100% (2/2), done.\nremote: no \u001b[31mway\u202e\n'
  expect(reasonIn(stderr)).toBe('remote: no  [31mway')
  expect(reasonIn('x'.repeat(100_000))).toHaveLength(500)
})
