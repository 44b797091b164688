import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { type PurgeSummary, purge } from '@gitmsg/core'
import type { BranchRewrite } from '@gitmsg/git-sync/local'
import type { Command } from 'commander'
import { ConfigError, type ServerConfig } from '../config/server-config.js'
import { createBackend, createRewriteBranch, VERIFICATION_FOLDER } from '../create-backend.js'
import { createLogger } from '../log/create-logger.js'
import { openDatabase } from '../open-database.js'
import { abortOnStop, type CommandContext, type JsonFlag, jsonLine } from './command-context.js'
import { createProgress } from './progress.js'

interface PurgeFlags extends JsonFlag {
  readonly versions?: boolean
  readonly dryRun?: boolean
  readonly force?: boolean
}

/** Which branch of which repository is rewritten. */
interface Target {
  readonly branch: string
  /** `null`: the local repository. */
  readonly remote: string | null
  /** Whether the database is on PostgreSQL. */
  readonly isShared: boolean
}

/** Adds `gitmsg purge`. */
export function addPurgeCommand(program: Command, context: CommandContext): void {
  program
    .command('purge')
    .description('erase deleted messages from the history of the branch, for good; no server may be running')
    .argument('<uid...>', 'the uids of the messages')
    .option('--versions', 'erase the earlier versions of edited messages instead, and keep the current ones')
    .option('--dry-run', 'print what would be erased, and how many commits would change')
    .option('--force', 'do not ask; required if standard input is not a terminal')
    .option('--json', 'print the result as JSON')
    .action((uids: string[], flags: PurgeFlags, command: Command) => {
      const { stdin } = context.process
      if (!flags.dryRun && !flags.force && !stdin.isTTY) {
        command.error('error: without a terminal to ask on, this needs --force or --dry-run')
      }
      return runPurge(context, uids, flags)
    })
}

async function runPurge(
  context: CommandContext,
  uids: readonly string[],
  { versions = false, dryRun = false, force = false, json = false }: PurgeFlags,
): Promise<void> {
  const { process, environment, readConfig, print } = context
  const config = await readConfig()
  const target = targetOf(config)
  const logger = createLogger('error', config.secrets, process.stderr)
  const rewriteBranch = await createRewriteBranch(config, environment, { logger })
  const store = await openDatabase(config, { logger, mustExist: true })
  const progress = createProgress('commits', process.stderr)
  const signal = abortOnStop(process)

  async function ask(preview: BranchRewrite): Promise<boolean> {
    progress.stop()
    const { stdin: input, stderr: output } = process
    return force || isConfirmed({ input, output, signal }, target, preview)
  }

  try {
    const summary = await purge({
      store,
      openBackend: () => createBackend(config, environment, { logger }),
      rewriteBranch,
      uids,
      versions,
      dryRun,
      confirm: ask,
      logger,
      signal,
      onProgress: (commits) => progress.update(commits),
    })
    progress.stop()
    if (summary.purged) await removeCopies(config)
    await print(json ? jsonLine(toJson(summary, target)) : describePurge(summary, target))
    process.exitCode = dryRun || (summary.purged && summary.remaining === 0) ? 0 : 1
  } finally {
    progress.stop()
    await store.close()
  }
}

/** @throws {ConfigError} for a repository that is only reached through an API, which cannot rewrite it */
function targetOf({ backend, postgres }: ServerConfig): Target {
  const isShared = postgres !== null
  if (backend.kind === 'local') return { branch: backend.branch, remote: backend.remote, isShared }
  throw new ConfigError([
    'GITMSG_BACKEND must be local for purge, which needs git: the same GITHUB_REPO and GITHUB_TOKEN are used',
  ])
}

/** Asks for the name of the branch. Without a response, as when the input ends, nothing is confirmed. */
export async function isConfirmed(
  { input, output, signal }: { input: Readable; output: Writable; signal: AbortSignal },
  target: Target,
  preview: Pick<BranchRewrite, 'rewritten' | 'dropped'>,
): Promise<boolean> {
  // Not as a terminal of readline's own, which would keep Ctrl+C for itself.
  const prompt = createInterface({ input, output, terminal: false })
  try {
    const closed = once(prompt, 'close').then(() => '')
    const response = prompt.question(describeQuestion(preview, target), { signal })
    return (await Promise.race([response, closed])).trim() === target.branch
  } finally {
    prompt.close()
  }
}

/** What {@link isConfirmed} asks. */
export function describeQuestion(
  { rewritten, dropped }: Pick<BranchRewrite, 'rewritten' | 'dropped'>,
  { branch, remote }: Target,
): string {
  const place = remote === null ? 'the local repository' : remote
  return (
    `This rewrites ${counted(rewritten, 'commit')} of the branch ${branch} of ${place}, and drops ${dropped}. It cannot be undone.\n` +
    `To go on, enter the name of the branch: `
  )
}

/** Copies of the repository beside it. */
async function removeCopies({ dataDirectory }: ServerConfig): Promise<void> {
  for (const name of [VERIFICATION_FOLDER, `${VERIFICATION_FOLDER}.damaged`]) {
    await rm(join(dataDirectory, name), { recursive: true, force: true })
  }
}

const toJson = (summary: PurgeSummary, { branch, remote }: Target) => ({
  purged: summary.purged,
  messages: summary.messages,
  versions: summary.versions,
  branch,
  remote,
  old_tip: summary.oldTip,
  new_tip: summary.newTip,
  first_changed: summary.first,
  rewritten: summary.rewritten,
  dropped: summary.dropped,
  other_refs: summary.otherRefs,
  remaining: summary.remaining,
})

/** Formats the result for people, with all that the command cannot reach. */
export function describePurge(summary: PurgeSummary, { branch, remote, isShared }: Target): string {
  const { purged, messages, versions, rewritten, dropped, oldTip, newTip, otherRefs, remaining } = summary
  const earlier = versions > 0 ? `${counted(versions, 'version')} of ` : ''
  const subject = `${earlier}${counted(messages, 'message')}`
  const commits = `${counted(rewritten, 'commit')} rewritten, ${dropped} dropped`
  if (!purged) return `Nothing was changed. To be erased: ${subject}; ${commits}\n`
  const lines = [
    `Erased: ${subject}; ${commits}`,
    ...(newTip === oldTip ? [] : [`${branch} was at ${oldTip}, and is at ${newTip}`]),
    ...(remaining > 0
      ? [
          `${counted(remaining, 'old content')} still in the local repository: ${
            otherRefs.length > 0
              ? otherRefs.join(', ')
              : 'another file, or a pack with a .keep file, has them'
          }`,
        ]
      : []),
    '',
    'What this cannot reach:',
    '- clones, forks and backups of the repository, and backups of the database',
    ...(isShared ? ["- PostgreSQL's write-ahead log, its archive, and standbys that are behind"] : []),
    ...(remote === null
      ? []
      : [
          `- old commits in ${remote}, until it is pruned; a host may show them by hash, in caches and in pull requests: ask its support to remove ${oldTip} and what led to it`,
          '- the local repositories of other servers on it: stop each, and run the same command there',
        ]),
    'Replace what was secret in the texts: passwords, keys, tokens.',
  ]
  return lines.map((line) => `${line}\n`).join('')
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
