import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Difference, type Verification, verify } from '@gitmsg/core'
import type { Command } from 'commander'
import { VERIFICATION_FOLDER } from '../create-backend.js'
import { escapeControls } from '../log/redact.js'
import { type OpenData, openExistingData } from '../open-data.js'
import { abortOnStop, type CommandContext, type JsonFlag, jsonLine, type Paint } from './command-context.js'
import { createProgress } from './progress.js'

interface VerifyFlags extends JsonFlag {
  readonly repair?: boolean
}

interface LockedData extends OpenData {
  /** Aborts if servers may use the repository's folder again. */
  readonly lost?: AbortSignal
}

/** Adds `gitmsg verify`. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('compare the contents of database and repository; exit with 1 if they differ')
    .option('--repair', 'repair what can be repaired without losing data; no server may be running')
    .option('--json', 'print JSON: a line for each difference and one for the result')
    .action((flags: VerifyFlags) => runVerify(context, flags))
}

async function runVerify(
  context: CommandContext,
  { repair = false, json = false }: VerifyFlags,
): Promise<void> {
  const { process, environment, readConfig, print, paint } = context
  const { store, backend, lost, close }: LockedData = repair
    ? await openExistingData(await readConfig(), environment)
    : await openForReading(context)
  const progress = createProgress('files', process.stderr)

  async function printDifference(difference: Difference): Promise<void> {
    progress.stop()
    await print(
      json ? jsonLine({ type: 'difference', ...difference }) : describeDifference(difference, paint),
    )
  }

  try {
    const verification = await verify({
      store,
      backend,
      repair,
      signal: AbortSignal.any([abortOnStop(process), ...(lost ? [lost] : [])]),
      onProgress: ({ files, expected }) => progress.update(files, expected),
      onDifference: printDifference,
    })
    progress.stop()
    await print(json ? jsonLine(toJsonResult(verification)) : describeVerification(verification, paint))
    process.exitCode = verification.equal ? 0 : 1
  } finally {
    progress.stop()
    await close()
  }
}

/** Opens the repository's own folder and locks servers out. If a server has the lock, opens a clone instead. */
async function openForReading({ environment, readConfig }: CommandContext): Promise<LockedData> {
  const config = await readConfig()
  const data = await openExistingData(config, environment)
  const lock = await data.store.acquireSyncLock()
  if (lock) return { ...data, lost: lock.lost } // closing the store releases the lock
  await data.close()
  const beside = await openExistingData(config, environment, { besideServer: true })
  return {
    ...beside,
    async close() {
      await beside.close()
      await rm(join(config.dataDirectory, VERIFICATION_FOLDER), { recursive: true, force: true })
    },
  }
}

/** Formats a difference for people. Its path may be any text, so control characters are escaped. */
export function describeDifference(difference: Difference, paint: Paint): string {
  const { kind, path, id, version, reason, commit, repaired } = difference
  const subjects = [
    id === null ? '' : `message ${id}`,
    (version ?? 1) > 1 ? `version ${version}` : '',
    commit ? `commit ${commit}` : '',
  ].filter(Boolean)
  const details = subjects.length > 0 ? ` (${subjects.join(', ')})` : ''
  const text = escapeControls(`${path}${details}: ${reason}`.replaceAll('\n', ' '))
  return `${paint('red', kind)}  ${text}${repaired ? paint('green', ' Repaired.') : ''}\n`
}

const toJsonResult = ({ searchIndex, ...rest }: Verification) => ({
  type: 'result',
  ...rest,
  search_index: searchIndex,
})

/** Formats the result for people. */
export function describeVerification(verification: Verification, paint: Paint): string {
  const { messages, commits, pending, quarantined, repaired, differences, searchIndex } = verification
  const found = Object.values(differences).reduce((sum, count) => sum + count, 0)
  const result =
    found === 0
      ? paint('green', 'no difference')
      : paint('red', `differences: ${found}, repaired: ${repaired}`)
  const unsynchronized = `${pending} pending, ${quarantined} quarantined`
  return `${messages} messages, ${commits} commits, ${unsynchronized}: ${result}\n${describeIndex(searchIndex, paint)}`
}

/** A line about the search index, unless it is as it should be. */
function describeIndex(state: Verification['searchIndex'], paint: Paint): string {
  if (state === 'equal') return ''
  const lines = {
    different: paint('red', 'differs from the messages; --repair builds it again'),
    incomplete: paint('yellow', 'still being built, not compared'),
    repaired: paint('green', 'built again'),
  }
  return `search index: ${lines[state]}\n`
}
