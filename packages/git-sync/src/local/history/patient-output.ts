import type { Writable } from 'node:stream'
import { gitFailure } from '../git/failure.js'
import type { GitProcess } from '../git/git-process.js'

/** What {@link patientOutput} needs. */
export interface Patience {
  /** What the error is about, e.g. `git log`. */
  readonly subject: string
  readonly idleTimeoutMs: number
}

/** A streaming git that responds to what is written to it. */
export interface ConversingGit {
  readonly stdin: Writable
  readonly stdout: AsyncIterable<Buffer>
}

/**
 * The output of a streaming git, at the pace of its reader. If the reader waits too long for the next piece, git is
 * frozen: it is killed, and `unavailable` is thrown.
 */
export function patientOutput(child: GitProcess, patience: Patience): AsyncGenerator<Buffer> {
  // Node.js discards what a child that has exited printed, unless something listens already.
  child.stdout.on('readable', () => {})
  return readPatiently(child, patience)
}

async function* readPatiently(
  { stdout, ended, kill }: GitProcess,
  { subject, idleTimeoutMs }: Patience,
): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = stdout[Symbol.asyncIterator]()
  let isFrozen = false

  const next = async (): Promise<IteratorResult<Buffer>> => {
    let isWaiting = true
    const giveUp = (): void => {
      // After this process was suspended or busy, output may be waiting although the time is up.
      if (!isWaiting || stdout.readableLength > 0) return
      isFrozen = true
      kill(`git produced no output for ${idleTimeoutMs} ms`)
    }
    const timer = setTimeout(() => setImmediate(giveUp), idleTimeoutMs)
    try {
      return await chunks.next()
    } finally {
      isWaiting = false
      clearTimeout(timer)
    }
  }

  try {
    for (let chunk = await next(); !chunk.done; chunk = await next()) yield chunk.value
  } catch (error) {
    if (!isFrozen) throw error
  } finally {
    stdout.destroy()
  }
  if (isFrozen) throw gitFailure(subject, { ...(await ended), exitCode: null, stdout: '' })
}
