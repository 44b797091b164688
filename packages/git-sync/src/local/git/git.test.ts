import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { silentLogger } from '../../logger.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { TOKEN } from '../testing/http-fixture.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { createTestGit } from '../testing/test-git.js'
import { countObjects, hasCommit, localHead, version } from './commands.js'
import { findGit } from './git.js'
import { type GitCommand, NEVER_ABORTED } from './git-command.js'

const hashObject: GitCommand<string> = {
  args: ['hash-object', '--stdin'],
  input: 'hello\n',
  parse: ({ stdout }) => stdout.trim(),
}
const RUNNERS: [string, Partial<GitCommand<string>>][] = [
  ['simple-git', {}],
  ['a process group', { processGroup: { idleTimeoutMs: 10_000 } }],
]

describe('git', () => {
  it.each(RUNNERS)('run() passes the input and parses the output, through %s', async (_, runner) => {
    await withLocalFixture(async ({ remote }) => {
      const git = createTestGit(remote)
      const hash = await git.run({ ...hashObject, ...runner }, NEVER_ABORTED)
      expect(hash).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
    })()
  })

  it.each(RUNNERS)('run() rejects an unexpected exit code with its reason, through %s', async (_, runner) => {
    await withLocalFixture(async ({ folder }) => {
      const git = createTestGit(folder)
      const failing = { ...localHead('main'), ...runner, parse: () => '' }
      await expect(git.run(failing, NEVER_ABORTED)).rejects.toMatchObject({
        name: 'GitSyncError',
        code: 'corrupt',
        message: expect.stringMatching(/^git for-each-ref exited with code 128: fatal: not a git repository/),
      })
    })()
  })

  it(
    'run() accepts the exit codes that the command expects',
    withLocalFixture(async ({ remote }) => {
      expect(await createTestGit(remote).run(hasCommit('1'.repeat(40)), NEVER_ABORTED)).toBe(false)
    }),
  )

  it.each(RUNNERS)('output() resolves whatever the exit code is, through %s', async (_, runner) => {
    await withLocalFixture(async ({ remote }) => {
      const command = { ...hashObject, args: ['cat-file', '-t', 'nothing'], ...runner }
      expect(await createTestGit(remote).output(command, NEVER_ABORTED)).toEqual({
        exitCode: 128,
        stdout: '',
        stderr: 'fatal: Not a valid object name nothing\n',
      })
    })()
  })

  it.each(RUNNERS)('output over the limit ends the command, through %s', async (_, runner) => {
    await withLocalFixture(async ({ folder, remote }) => {
      const flood = await createGitWrapper(folder, 'fault; exec head -c 100000000 /dev/zero')
      const { exitCode, stdout, stderr } = await createTestGit(remote, flood).output(
        { ...hashObject, ...runner },
        NEVER_ABORTED,
      )
      expect(exitCode).not.toBe(0)
      expect(stdout.length).toBeLessThanOrEqual(1024 * 1024)
      if (runner.processGroup !== undefined) expect(stderr).toContain('git output exceeds the limit')
      expect(await flood.faults()).toBe(1)
    })()
  })

  it.each(RUNNERS)('run() rejects with aborted when its signal aborts, through %s', async (_, runner) => {
    await withLocalFixture(async ({ folder, remote }) => {
      const hanging = await createGitWrapper(folder, 'fault; exec sleep 60')
      const git = createTestGit(remote, hanging)
      const controller = new AbortController()
      const running = git.run({ ...hashObject, ...runner }, controller.signal)
      running.catch(() => {})
      await expect.poll(() => hanging.faults(), { interval: 10 }).toBe(1)
      controller.abort()
      await expect(running).rejects.toMatchObject({ code: 'aborted' })
      await git.idle()
    })()
  })

  it(
    'starts nothing once the signal has aborted',
    withLocalFixture(async ({ folder, remote }) => {
      const wrapper = await createGitWrapper(folder, 'fault')
      const git = createTestGit(remote, wrapper)
      const signal = AbortSignal.abort()
      const aborted = { code: 'aborted' }
      await expect(git.run(version, signal)).rejects.toMatchObject(aborted)
      await expect(git.output(version, signal)).rejects.toMatchObject(aborted)
      expect(() => git.start(['version'], signal)).toThrow(expect.objectContaining(aborted))
      expect(await wrapper.faults()).toBe(0)
    }),
  )

  it(
    'start() streams the input and output of a git',
    withLocalFixture(async ({ remote }) => {
      const child = createTestGit(remote).start(['cat-file', '--batch-check'], NEVER_ABORTED)
      child.stdin.end('nothing\n')
      expect(await text(child.stdout)).toBe('nothing missing\n')
      expect(await child.ended).toEqual({ exitCode: 0, stderr: '' })
    }),
  )

  it(
    'idle() resolves once no git is running',
    withLocalFixture(async ({ remote }) => {
      const git = createTestGit(remote)
      await git.idle()
      const child = git.start(['cat-file', '--batch-check'], NEVER_ABORTED)
      let isIdle = false
      const idle = git.idle().then(() => {
        isIdle = true
      })
      await git.run(version, NEVER_ABORTED)
      expect(isIdle).toBe(false)
      child.kill('the test is over')
      await idle
    }),
  )

  it(
    'logs each command with its exit code and duration, and redacts its output',
    withLocalFixture(async ({ folder, remote }) => {
      const debug = vi.fn()
      const wrapper = await createGitWrapper(folder, 'echo "packs: 1 secret"; echo secret >&2; exit 0')
      const redact = (output: string) => output.replaceAll('secret', '***')
      const git = createTestGit(remote, { ...wrapper, redact, logger: { ...silentLogger, debug } })
      expect(await git.output(countObjects, NEVER_ABORTED)).toEqual({
        exitCode: 0,
        stdout: 'packs: 1 ***\n',
        stderr: '***\n',
      })
      expect(debug).toHaveBeenCalledWith(
        { exitCode: 0, milliseconds: expect.any(Number) },
        'git count-objects',
      )
      expect(await git.start(['version'], NEVER_ABORTED).ended).toMatchObject({ stderr: '***\n' })
    }),
  )

  // Covers IN-70
  it(
    'redacts a token that a remote repeats endlessly, also where its output was cut',
    withLocalFixture(async ({ open }) => {
      const echo = createServer((_, response) => {
        response.writeHead(500, { 'content-type': 'text/plain' })
        response.end(`${TOKEN.repeat(5000)}\nthe end`)
      })
      await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
      const remote = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/x.git`
      const error = await open('copy.git', { remote, token: TOKEN })
        .head()
        .catch((thrown) => thrown)
      expect(error).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('remote: the end'),
      })
      expect(error.message).not.toMatch(/secret|token|12345/)
      echo.close()
    }),
  )
})

describe.skipIf(process.platform === 'win32')('findGit', () => {
  it('finds the first executable git on the PATH, in absolute folders only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'git sync '))
    onTestFinished(() => rm(folder, { recursive: true }))
    const [plain, empty, first, second] = ['plain', 'empty', 'first', 'second'].map((name) =>
      join(folder, name),
    )
    for (const place of [plain, empty, first, second] as string[]) await mkdir(place)
    for (const place of [plain, first, second]) await writeFile(join(place as string, 'git'), '#!/bin/sh\n')
    for (const place of [first, second]) await chmod(join(place as string, 'git'), 0o755)
    expect(findGit(['', '.', 'relative', plain, empty, first, second].join(':'))).toBe(
      join(first as string, 'git'),
    )
    expect(() => findGit(`.::${empty}`)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  })

  it(
    'makes every operation misconfigured if there is no git',
    withLocalFixture(async ({ folder, open }) => {
      const missing = open('a.git', { environment: { PATH: join(folder, 'nothing') } })
      await expect(missing.head()).rejects.toMatchObject({ code: 'misconfigured' })
    }),
  )
})
