import { checkChange, checkEdit } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database, Reader, Writer } from '../database/database.js'
import { createWriteGroup, type Outcome } from '../database/write-group.js'
import type { Store } from '../store.js'
import type { ChangedMessage } from '../stored-message.js'
import { assembleChanges, type Change, type ChangedState, type KnownMessages } from './assemble-changes.js'
import { findByKeys } from './find.js'
import { readFirstUses, saveFirstUses } from './idempotency-keys.js'
import { kindOf, MESSAGE_COLUMNS, toMessage } from './message-row.js'
import { toChanges } from './new-messages.js'
import { movePositions } from './positions.js'
import { targetOf } from './replies.js'
import { eraseVersions, findVersionsOf, insertVersions, keepVersions } from './versions.js'

/** In characters, about: some ten milliseconds, between which posts have their turn. */
const MAX_TRANSACTION_SIZE = 100_000
/** Without the new text: removing the old one from the search index takes longest. */
const CHANGE_SIZE = 2_500

/** Edits and deletions of the same moment share one transaction. A call that fails does not affect the others. */
export function createChangeWriter(
  database: Database,
  clock: Clock,
  isOutage: (error: unknown) => boolean,
): Pick<Store, 'editMessage' | 'deleteMessage'> {
  const addToGroup = createWriteGroup<Change, ChangedMessage | null>({
    limit: MAX_TRANSACTION_SIZE,
    sizeOf: (change) => CHANGE_SIZE + (change.type === 'edit' ? (change.edit.content?.length ?? 0) : 0),
    write: ({ items, waitedMs, join }) =>
      database.write(
        (writer) => {
          join(() => true)
          return changeMessages(writer, items, clock())
        },
        { waitedMs },
      ),
    isOutage,
  })

  return {
    async editMessage(edit) {
      checkEdit(edit)
      return addToGroup({ type: 'edit', edit })
    },
    async deleteMessage(deletion) {
      checkChange(deletion)
      return addToGroup({ type: 'deletion', deletion })
    },
  }
}

async function changeMessages(
  writer: Writer,
  changes: readonly Change[],
  now: number,
): Promise<Outcome<ChangedMessage | null>[]> {
  const known = await lookUp(writer, changes)
  const first = (await writer.positions.latest()) + 1
  const { outcomes, states, made, positions, firstUses } = assembleChanges(changes, known, first)
  if (positions > 0) {
    const erased = states.filter(({ isErased }) => isErased)
    const edited = states.filter(({ isErased }) => !isErased)
    const current = new Set(states.map((state) => state.current))
    await writer.positions.allocate(positions)
    await keepVersions(
      writer,
      edited.map(({ stored }) => stored.id),
    )
    await insertVersions(
      writer,
      made.filter((version) => !current.has(version)),
    )
    await eraseVersions(
      writer,
      erased.map(({ stored }) => stored.id),
    )
    await writer.messages.update(states.map(toUpdate))
    await writer.outbox.insert(toChanges(writer, made), { count: made.length, createdAt: toTime(now) })
    await movePositions(
      writer,
      erased.flatMap(({ stored }) => targetOf(stored)),
    )
  }
  await saveFirstUses(writer, firstUses, now)
  return outcomes
}

async function lookUp(reader: Reader, changes: readonly Change[]): Promise<KnownMessages> {
  const keys = changes.map((change) => (change.type === 'edit' ? change.edit.key : change.deletion.key))
  const messages = await findByKeys(reader, keys, (column, wanted) =>
    reader.queries
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where(column, 'in', wanted)
      .execute()
      .then((rows) => rows.map(toMessage)),
  )
  const firstUses = await readFirstUses(
    reader,
    changes.flatMap((change) => (change.type === 'edit' ? (change.edit.idempotency?.key ?? []) : [])),
  )
  const versions = await findVersionsOf(
    reader,
    [...firstUses.values()].flatMap(({ message: { id }, version }) =>
      version === null ? [] : [{ message_id: id, version }],
    ),
  )
  return { messages, firstUses, versions }
}

function toUpdate({ stored, current }: ChangedState) {
  const { version, content, format, topic, updated_at, updated_by, deleted_at, position } = current
  return {
    message: stored,
    fields: {
      ...{ version, content, format, topic, updated_at, updated_by, deleted_at, position },
      git_hash: null,
      kind: kindOf(current),
      is_synchronized: 0,
      synchronized_position: null,
    },
  }
}
