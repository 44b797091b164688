import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { processesWith } from '../testing/processes.js'
import { createTail, type GitProcessOptions, startGitProcess } from './git-process.js'

/** A shell in place of git. */
const startShell = (script: string, options: Partial<GitProcessOptions> = {}) =>
  startGitProcess(['-c', script], {
    program: '/bin/sh',
    directory: tmpdir(),
    variables: { PATH: '/usr/bin:/bin' },
    signal: new AbortController().signal,
    ...options,
  })

/** As a long computation does, or SIGSTOP. */
const blockThisProcess = (milliseconds: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/** Resolves once the child has printed something. */
const untilOutput = ({ stdout }: ReturnType<typeof startShell>) =>
  new Promise<void>((resolve) => stdout.once('data', () => resolve()))

describe.skipIf(process.platform === 'win32')('startGitProcess', () => {
  it('pipes the input and output of the child, and ends with its exit code and standard error', async () => {
    const child = startShell('cat; echo "$SECRET" >&2; exit 3', { variables: { PATH: '/bin', SECRET: 'x' } })
    child.stdin.end('hello')
    expect(await text(child.stdout)).toBe('hello')
    expect(await child.ended).toEqual({ exitCode: 3, stderr: 'x\n' })
  })

  it('kills the whole process group when the child prints nothing within the idle timeout', async () => {
    const sleep = `sleep 61.1${process.pid}`
    const child = startShell(`${sleep} & echo started; wait`, { idleTimeoutMs: 200 })
    await untilOutput(child)
    expect(processesWith(sleep)).not.toEqual([])
    const { exitCode, stderr } = await child.ended
    expect(exitCode).toBeNull()
    expect(stderr).toContain('git produced no output for 200 ms')
    await expect.poll(() => processesWith(sleep)).toEqual([])
  })

  it.each([
    ['standard output', ''],
    ['standard error', ' >&2'],
  ])('restarts the idle timeout with every output: %s', async (_, redirection) => {
    const script = `for i in 1 2 3 4 5 6 7 8 9; do sleep 0.05; echo $i${redirection}; done`
    const child = startShell(script, { idleTimeoutMs: 400 })
    expect((await child.ended).exitCode).toBe(0)
  })

  it('waits longer once git has sent everything, also if that is reported in pieces', async () => {
    const script = 'printf "100%% (3/3), done.\\nTot" >&2; sleep 0.1; printf "al 3 (delta 0)" >&2; sleep 1'
    const options = { idleTimeoutMs: 400, sentTimeoutMs: 20_000 }
    expect((await startShell(script, options).ended).exitCode).toBe(0)
    expect((await startShell('echo "remote: Total 3" >&2; sleep 5', options).ended).exitCode).toBeNull()
    const { exitCode } = await startShell('echo "Total 3" >&2; sleep 5', { ...options, sentTimeoutMs: 500 })
      .ended
    expect(exitCode).toBeNull()
  })

  it('escalates from SIGTERM to SIGKILL when the child ignores SIGTERM', async () => {
    const sleep = `sleep 61.2${process.pid}`
    const child = startShell(`trap '' TERM; ${sleep} & echo started; wait; wait`, { killGraceMs: 200 })
    await untilOutput(child)
    const killedAt = performance.now()
    child.kill('a good reason')
    expect(await child.ended).toEqual({ exitCode: null, stderr: '\na good reason' })
    expect(performance.now() - killedAt).toBeGreaterThan(150)
    await expect.poll(() => processesWith(sleep)).toEqual([])
  })

  it('is not a success when it is killed after it has exited, before its output was read', async () => {
    const child = startShell('echo a result')
    blockThisProcess(300)
    child.kill('a good reason')
    expect(await child.ended).toEqual({ exitCode: null, stderr: '\na good reason' })
  })

  it('keeps the exit code of a child that had failed before it was killed', async () => {
    const child = startShell('echo the cause >&2; exit 3')
    blockThisProcess(300)
    child.kill('a good reason')
    expect(await child.ended).toEqual({ exitCode: 3, stderr: expect.stringContaining('the cause') })
  })

  it('reads the output that is waiting before the idle timeout decides', async () => {
    const child = startShell('echo a result', { idleTimeoutMs: 100 })
    const output = text(child.stdout)
    blockThisProcess(300)
    expect(await child.ended).toEqual({ exitCode: 0, stderr: '' })
    expect(await output).toBe('a result\n')
  })

  it('lets the child clean up on SIGTERM', async () => {
    const child = startShell(
      `trap 'echo cleaned up >&2; exit 0' TERM; echo started; while :; do sleep 0.02; done`,
    )
    await untilOutput(child)
    child.kill('a good reason')
    expect((await child.ended).stderr).toContain('cleaned up')
  })

  it('kills the child when its signal aborts, and one that is started with an aborted signal', async () => {
    const controller = new AbortController()
    const child = startShell('echo started; exec sleep 60', { signal: controller.signal })
    await untilOutput(child)
    controller.abort()
    const late = startShell('exec sleep 60', { signal: controller.signal })
    for (const { ended } of [child, late]) {
      expect(await ended).toEqual({ exitCode: null, stderr: '\ngit was aborted by its caller' })
    }
  })

  it('leaves what a child has started running, but does not wait for it to close standard error', async () => {
    const sleep = `sleep 1.5${process.pid}`
    const child = startShell(`${sleep} >/dev/null & exit 0`, { killGraceMs: 50 })
    child.stdout.resume()
    expect(await child.ended).toEqual({ exitCode: 0, stderr: '' })
    expect(processesWith(sleep)).not.toEqual([])
  })

  it.each([
    ['a program that does not exist', { program: '/nonexistent/git' }],
    ['a program that is not executable', { program: '/etc/passwd' }],
    ['a directory that does not exist', { directory: '/nonexistent' }],
  ])('ends with exit code 127 for %s', async (_, options) => {
    const child = startShell('', options)
    child.stdin.end('ignored')
    child.kill('has no effect')
    expect(await child.ended).toEqual({
      exitCode: 127,
      stderr: expect.stringMatching(/spawn .* (ENOENT|EACCES)/),
    })
  })

  // Covers IN-70
  it(
    'bounds the memory for standard error',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        'if [ "$1" = ls-remote ]; then fault; head -c 200000000 /dev/zero >&2; echo gone wrong >&2; exit 1; fi',
      )
      const before = process.memoryUsage().rss
      const error = await open('copy.git', wrapper)
        .head()
        .catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'unavailable' })
      expect(error.message.length).toBeLessThan(1000)
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
      expect(await wrapper.faults()).toBe(1)
    }),
  )
})

describe('createTail', () => {
  function tailOf(...chunks: string[]): string {
    const tail = createTail(16)
    for (const chunk of chunks) tail.push(Buffer.from(chunk))
    return tail.text()
  }

  it('keeps a text within the limit as it is', () => {
    expect(tailOf('one\n', 'two')).toBe('one\ntwo')
    expect(tailOf('sixteen letters!')).toBe('sixteen letters!')
  })

  // Covers IN-70
  it.each([
    ['a little too long', ['a secret\n', 'whole line\n']],
    ['very long', ['x'.repeat(1000), 'the end of it\n', 'whole line\n']],
    ['written in many chunks', [...'many small writes, and a secret\nwhole line\n']],
  ])('keeps only whole lines of a text that is %s', (_, chunks) => {
    expect(tailOf(...chunks)).toBe('whole line\n')
  })

  it('keeps nothing of a line that is over the limit', () => {
    expect(tailOf('a secret without an end')).toBe('')
  })
})
