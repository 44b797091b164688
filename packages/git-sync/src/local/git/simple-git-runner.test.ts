import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { canTakeDescriptors, withDescriptors } from '../testing/with-descriptors.js'
import { runWithSimpleGit, type SimpleGitOptions } from './simple-git-runner.js'

/** With this many file descriptors, Node.js can start any program. */
const ENOUGH_DESCRIPTORS = 12

/** A shell in place of git. */
const runShell = (script: string, options: Partial<SimpleGitOptions> & { input?: string } = {}) =>
  runWithSimpleGit(
    { args: ['-c', script], ...options },
    {
      program: '/bin/sh',
      directory: tmpdir(),
      variables: { PATH: '/usr/bin:/bin' },
      signal: new AbortController().signal,
      ...options,
    },
  )

describe.skipIf(process.platform === 'win32')('runWithSimpleGit', () => {
  it('resolves with the output and the exit code of the command', async () => {
    const output = await runShell('cat; echo "$NAME" >&2; exit 3', {
      input: 'hello',
      variables: { PATH: '/bin', NAME: 'x' },
    })
    expect(output).toEqual({ exitCode: 3, stdout: 'hello', stderr: 'x\n' })
  })

  it('closes standard input if there is no input', async () => {
    expect(await runShell('cat; echo done')).toEqual({ exitCode: 0, stdout: 'done\n', stderr: '' })
  })

  it('passes no other variables than the given ones', async () => {
    const { stdout } = await runShell('/usr/bin/env')
    const names = stdout.split('\n').map((line) => line.split('=', 1)[0])
    expect(names.filter((name) => !['', '_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
      'GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS',
      'PATH',
    ])
  })

  it('kills a command whose output is over the limit', async () => {
    const { exitCode, stdout } = await runShell('exec head -c 100000000 /dev/zero')
    expect(exitCode).toBeNull()
    expect(stdout.length).toBeLessThan(10_000_000)
  })

  it('kills a command when its signal aborts', async () => {
    const controller = new AbortController()
    const running = runShell('exec sleep 60', { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    expect(await running).toMatchObject({ exitCode: null, stdout: '' })
  })

  it.each([
    ['a program that does not exist', { program: '/nonexistent/git' }, /ENOENT/],
    ['a directory that does not exist', { directory: '/nonexistent' }, /does not exist/],
  ])('resolves with the reason for %s', async (_, options, reason) => {
    const { exitCode, stderr } = await runShell('', options)
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(reason)
  })

  it(
    'makes an operation unavailable if the directory of an open repository is gone',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('own.git', { remote: null })
      await backend.head()
      await rm(join(folder, 'own.git'), { recursive: true })
      await expect(backend.head()).rejects.toMatchObject({ name: 'GitSyncError', code: 'unavailable' })
      expect(await backend.head()).toBeNull()
    }),
  )

  it.runIf(canTakeDescriptors)(
    'without free file descriptors, every operation is unavailable and the process survives',
    withLocalFixture(async ({ open }) => {
      const backend = open('own.git', { remote: null })
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      const operations: (() => Promise<unknown>)[] = [
        () => backend.head(),
        () => append(backend, { parent, commits: [draft('two')] }),
      ]
      let failures = 0
      for (let spare = 0; spare < ENOUGH_DESCRIPTORS; spare += 1) {
        for (const operation of operations) {
          await withDescriptors(spare, operation).catch((error) => {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(unavailable|stale-head)$/) })
            if (error.code === 'unavailable') failures += 1
          })
        }
      }
      expect(failures).toBeGreaterThan(4)
      await append(backend, { parent, commits: [draft('two')] }).catch(() => {})
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
    }),
  )
})
