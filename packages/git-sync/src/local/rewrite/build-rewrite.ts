import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { throwIfAborted } from '../../git-sync-error.js'
import { branchRef } from '../git/commands.js'
import { gitFailure } from '../git/failure.js'
import type { Git } from '../git/git.js'
import type { GitProcess } from '../git/git-process.js'
import { createByteReader } from '../history/byte-reader.js'
import { patientOutput } from '../history/patient-output.js'
import { exportArgs, readExportedCommits } from './exported-commits.js'
import { type RewriteCount, type RewriteDependencies, rewriteCommits } from './rewrite-commits.js'

// --force only affects the private ref. The permissive format keeps odd time zones of commits made long ago.
const IMPORT_ARGS = ['fast-import', '--quiet', '--done', '--force', '--date-format=raw-permissive']
const PROGRESS_MS = 200

/** What {@link buildRewrite} needs, beside what the commits need. */
export interface BuildOptions extends RewriteDependencies {
  readonly branch: string
  /** The parents of the first commit that changes. */
  readonly excluded: readonly string[]
  /** Only counts. */
  readonly dryRun: boolean
  readonly onProgress: (commits: number) => void
  readonly idleTimeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Streams the branch out of git and back into it, rewritten, onto a private ref. Resolves with counts. What is held in
 * memory does not grow with the history.
 */
export async function buildRewrite(git: Git, options: BuildOptions): Promise<RewriteCount> {
  const { branch, excluded, dryRun, onProgress, idleTimeoutMs, signal } = options
  const count: RewriteCount = { read: 0, rewritten: 0, dropped: 0 }
  const source = git.start(exportArgs(branchRef(branch), excluded), signal)
  const target = dryRun ? null : git.start(IMPORT_ARGS, signal, { idleTimeoutMs })
  source.stdin.end()
  const timer = setInterval(() => onProgress(count.read), PROGRESS_MS)
  try {
    const output = patientOutput(source, { subject: 'git fast-export', idleTimeoutMs })
    const commits = readExportedCommits(createByteReader(output))
    const sink = target ? target.stdin : new Writable({ write: (_chunk, _encoding, done) => done() })
    await pipeline(rewriteCommits(commits, options, count), sink)
  } catch (error) {
    throwIfAborted(signal)
    throw (await failureOf({ 'git fast-import': target, 'git fast-export': source })) ?? error
  } finally {
    clearInterval(timer)
    source.kill('git is no longer needed')
    await source.ended
  }
  const { exitCode, stderr } = (await target?.ended) ?? { exitCode: 0, stderr: '' }
  throwIfAborted(signal)
  if (exitCode !== 0) throw gitFailure('git fast-import', { exitCode, stderr, stdout: '' })
  return count
}

/** The error of the process that failed, which tells more than that its pipe broke. */
async function failureOf(children: Readonly<Record<string, GitProcess | null>>): Promise<Error | null> {
  for (const [subject, child] of Object.entries(children)) {
    if (child === null) continue
    child.kill('its peer failed')
    const { exitCode, stderr } = await child.ended
    if (exitCode !== null && exitCode !== 0) return gitFailure(subject, { exitCode, stderr, stdout: '' })
  }
  return null
}
