import type { Writer } from '../database/database.js'
import { movePositions } from '../messages/positions.js'
import { targetOf } from '../messages/replies.js'
import type { RecordedVersion, RecordOutcome } from '../synchronization.js'
import { applyVersion } from './apply-version.js'
import { type AddedMessage, createIdAllocator, insertRecorded } from './insert-recorded.js'
import { markPublished, type PlacedVersion } from './mark-published.js'
import { type Decision, decide, loadStates, type MessageState } from './version-rule.js'

/** A recorded version of a message that is stored, and what that means for it. */
interface Decided {
  readonly recorded: RecordedVersion
  readonly state: MessageState | undefined
  readonly decision: Decision | { readonly outcome: 'stored' }
}

/**
 * Stores versions read from the repository, in the order of its commits: the messages that are new here, and newer
 * versions of those that are not ({@link decide}). They get no change, because the repository has them.
 */
export async function recordVersions(
  writer: Writer,
  recorded: readonly RecordedVersion[],
): Promise<RecordOutcome[]> {
  if (recorded.length === 0) return []
  const allocateId = await createIdAllocator(writer, recorded)
  const outcomes: RecordOutcome[] = []
  for (const part of splitByMessage(recorded)) {
    outcomes.push(...(await recordPart(writer, part, allocateId)))
  }
  return outcomes
}

/** Parts with at most one version of each message, so that a part is read and written by the same few statements. */
function splitByMessage(recorded: readonly RecordedVersion[]): RecordedVersion[][] {
  const parts: RecordedVersion[][] = []
  let uids = new Set<string>()
  for (const version of recorded) {
    if (parts.length === 0 || uids.has(version.uid)) {
      parts.push([])
      uids = new Set()
    }
    uids.add(version.uid)
    parts.at(-1)?.push(version)
  }
  return parts
}

async function recordPart(
  writer: Writer,
  part: readonly RecordedVersion[],
  allocateId: (preferred: number | undefined) => number,
): Promise<RecordOutcome[]> {
  const states = await loadStates(
    writer,
    part.map(({ uid }) => uid),
  )
  const decided = part.map((recorded): Decided => {
    const state = states.get(recorded.uid)
    return { recorded, state, decision: state ? decide(state, recorded) : { outcome: 'stored' } }
  })
  await write(writer, decided, allocateId)
  return decided.map(({ decision }) => decision.outcome)
}

async function write(
  writer: Writer,
  decided: readonly Decided[],
  allocateId: (preferred: number | undefined) => number,
): Promise<void> {
  const visible = decided.filter(({ decision }) =>
    ['stored', 'settled', 'applied'].includes(decision.outcome),
  )
  if (visible.length === 0) return
  const first = await writer.positions.allocate(visible.length)
  const added: AddedMessage[] = []
  const settled: PlacedVersion[] = []
  for (const [index, { recorded, state, decision }] of visible.entries()) {
    const position = first + index
    if (decision.outcome === 'settled') settled.push({ ...recorded, position })
    else if (!state) added.push({ recorded, id: allocateId(recorded.preferred_id), position })
    else if (decision.outcome === 'applied')
      await applyVersion(writer, { ...decision, ...state, recorded, position })
  }
  await insertRecorded(writer, added)
  await markPublished(writer, settled)
  const applied = visible.flatMap(({ decision, state }) =>
    decision.outcome === 'applied' && state ? [state.message] : [],
  )
  await movePositions(writer, [...added.map(({ recorded }) => recorded), ...applied].flatMap(targetOf))
}
