import { toTime } from '../clock.js'
import type { Reader, Writer } from '../database/database.js'
import { retry } from '../database/retry.js'
import type { Outcome, WriteGroup } from '../database/write-group.js'
import { deleteExpiredKeys, toRows } from '../messages/idempotency-keys.js'
import { assembleGroup, type Group, type Known, lookUp, NOTHING } from '../messages/new-messages.js'
import { movePositions } from '../messages/positions.js'
import { targetOf } from '../messages/replies.js'
import type { CreatedMessage, NewMessage } from '../stored-message.js'
import { isTransient, isUniqueViolation, LostCommit, toStoreError } from './postgres-error.js'
import type { PostgresReader } from './reader.js'
import type { PostgresTables } from './schema.js'
import type { Running } from './transaction.js'
import { insertionOf } from './writer/insert-messages.js'

/** A transaction that holds the counters. */
export interface Transaction extends Running {
  readonly reader: PostgresReader
  readonly writer: Writer
}

/** What creating messages needs of a database; nothing is repeated. */
export interface CreationDependencies {
  read<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result>
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  readonly timeoutMs: number
}

/** Whether it refers to no other message, and has no idempotency key. */
const isSelfContained = ({ reply_to, idempotency }: NewMessage) => reply_to === undefined && !idempotency

/** What was looked up before a transaction, and is still true in it if nothing was written in between. */
interface Preview {
  readonly known: Known
  readonly revision: number
}

/**
 * Stores a group of messages, while all other writes wait, in two round trips: lock the counters; insert and commit. What
 * they depend on is looked up before and, only if something was written in between, once more.
 *
 * The counters may be locked by other servers for longer than one insertion takes, and messages that come meanwhile join
 * the group. Otherwise the groups of several servers would be small, and there would be more of them.
 *
 * If the connection is lost during the commit, their uids tell whether they were stored.
 *
 * @see {@link Database.createMessages}
 */
export async function createMessages(
  { read, transact, timeoutMs }: CreationDependencies,
  { items: messages, join }: WriteGroup<NewMessage>,
  now: number,
): Promise<Outcome<CreatedMessage>[]> {
  let mustLookUp = false
  let uncertain: Group | undefined

  async function create(): Promise<Group> {
    if (uncertain && (await wereStored(uncertain))) return uncertain
    uncertain = undefined
    const preview = mustLookUp || messages.every(isSelfContained) ? undefined : await read(lookAhead)
    let group: Group | undefined
    try {
      return await transact(async (transaction) => {
        group = await assemble(transaction, preview)
        await store(transaction, group)
        return group
      })
    } catch (error) {
      if (error instanceof LostCommit) uncertain = group
      if (isUniqueViolation(error)) mustLookUp = true
      throw error
    }
  }

  async function lookAhead(reader: Reader): Promise<Preview> {
    const { revision } = await reader.queries
      .withTables<PostgresTables>()
      .selectFrom('counters')
      .select('revision')
      .executeTakeFirstOrThrow()
    return { known: await lookUp(reader, messages), revision }
  }

  async function assemble({ writer, counters }: Transaction, preview: Preview | undefined): Promise<Group> {
    const isKnown = preview ? preview.revision === counters.revision : !mustLookUp
    join((message) => !isKnown || isSelfContained(message))
    const known = isKnown ? (preview?.known ?? NOTHING) : await lookUp(writer, messages)
    return assembleGroup(messages, known, { id: counters.last_id + 1, position: counters.position + 1 })
  }

  async function store({ reader, writer, counters, runLast }: Transaction, group: Group): Promise<void> {
    const { created, firstUses } = group
    const changes = { lastSequence: counters.sequence, createdAt: toTime(now) }
    const insertion = insertionOf(reader, created, { changes, keys: toRows(firstUses, now) })
    if (insertion) runLast(insertion.compile(reader.queries))
    counters.last_id += created.length
    counters.position += created.length
    counters.sequence += created.length
    counters.pending += created.length
    await movePositions(writer, created.flatMap(targetOf))
  }

  /** Whether a commit succeeded whose response was lost. Locking the counters waits until it has ended. */
  function wereStored({ created }: Group): Promise<boolean> {
    return transact(async ({ writer: { queries, texts } }) => {
      const uids = texts(created.map(({ uid }) => uid))
      const rows = await queries.selectFrom('messages').select('id').where('uid', 'in', uids).execute()
      const ids = new Set(rows.map(({ id }) => id))
      return created.length > 0 && created.every(({ id }) => ids.has(id))
    })
  }

  const isRetryable = (error: unknown) => isTransient(error) || error instanceof LostCommit
  const { outcomes, firstUses } = await retry(create, { isRetryable, timeoutMs }).catch((error) => {
    throw uncertain ? new LostCommit(error) : toStoreError(error)
  })
  // Apart from the transaction, so that no other write waits for it.
  if (firstUses.size > 0)
    await read((reader) => deleteExpiredKeys(reader, { now, limit: 2 * firstUses.size })).catch(() => {})
  return outcomes
}
