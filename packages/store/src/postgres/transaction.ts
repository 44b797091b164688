import type { CompiledQuery } from 'kysely'
import type { QueryResult } from 'pg'
import { StoreError } from '../store-error.js'
import type { Connection } from './connections.js'
import { isConnectionLost, LostCommit } from './postgres-error.js'
import { toText } from './query-text.js'
import { COUNTERS, type Counters, createEpoch } from './schema.js'
import type { Term } from './sync-lease.js'

/** A transaction that is idle for longer is ended, so that a server that is frozen holds no row for long. */
const MAX_IDLE_MS = 4_000

export interface TransactionOptions {
  readonly schema: string
  /** How long to wait for another transaction. */
  readonly lockTimeoutMs: number
  /** Whether to send a notification to the channel of the schema's name. */
  readonly isAnnounced: boolean
  /** The sync lock that must be held. */
  readonly term?: Term | undefined
}

/** What a transaction has that has locked the counters. */
export interface Running {
  /** Written back as they are left. */
  readonly counters: Counters
  /** Runs a query after all others, of which nothing is read. */
  runLast(query: CompiledQuery): void
}

/**
 * Runs a transaction that has locked the counters.
 *
 * Its first and its last statements go out together with `begin` and `commit`, because every round trip between them
 * keeps all other writes waiting.
 *
 * @throws {LostCommit}
 * @throws StoreError `lock-lost` if the term is not that of the holder
 */
export async function runTransaction<Result>(
  { client }: Connection,
  { schema, lockTimeoutMs, isAnnounced, term }: TransactionOptions,
  work: (running: Running) => Promise<Result>,
): Promise<Result> {
  const table = (name: string) => `${client.escapeIdentifier(schema)}.${name}`
  const begin = [
    ...beginWriting(lockTimeoutMs),
    ...(term ? [`${selectTerm(table('sync_lease'), term)} for update`] : []),
    `select ${COUNTERS.join(', ')}, ${table('current_timeline')}() from ${table('counters')} for update`,
  ]
  const end: string[] = []
  let result: Result
  try {
    const results = (await client.query(begin.join('; '))) as unknown as QueryResult[]
    if (term && results.at(-2)?.rows.length !== 1) throw new StoreError('lock-lost', 'the sync lock was lost')
    const counters = toCounters(results.at(-1)?.rows[0])
    result = await work({ counters, runLast: (query) => end.push(toText(query)) })
    counters.revision += 1
    const values = COUNTERS.map((name) => `${name} = ${toLiteral(counters[name])}`)
    end.push(`update ${table('counters')} set ${values.join(', ')}`)
    if (isAnnounced) end.push(`notify "${schema}"`)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
  await commit(client, end)
  return result
}

/** In another history of the database, what follows is another order. */
function toCounters({ current_timeline, ...counters }: Counters & { current_timeline: string }): Counters {
  if (current_timeline === counters.timeline) return counters
  return { ...counters, timeline: current_timeline, epoch: createEpoch() }
}

/** The first statements of a transaction that writes. */
export const beginWriting = (lockTimeoutMs: number): string[] => [
  'begin isolation level read committed',
  // PostgreSQL takes 0 as unlimited.
  `set local lock_timeout = ${Math.max(1, Math.ceil(lockTimeoutMs))}`,
  `set local idle_in_transaction_session_timeout = ${MAX_IDLE_MS}`,
]

/** A statement that selects a row if this is the term of the holder. */
const selectTerm = (table: string, { holder, number }: Term): string =>
  `select term from ${table} where holder = '${holder}' and term = ${number}`

async function commit(client: Connection['client'], lastStatements: readonly string[]): Promise<void> {
  try {
    // Without a limit: a commit that waits for a standby would succeed when it is cancelled.
    const statements = [...lastStatements, 'set local statement_timeout = 0', 'commit']
    const results = (await client.query(statements.join('; '))) as unknown as QueryResult[]
    if (results.at(-1)?.command !== 'COMMIT') throw new Error('the transaction was rolled back')
  } catch (error) {
    if (isConnectionLost(error)) throw new LostCommit(error)
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** Numbers, and texts of hexadecimal digits. */
const toLiteral = (value: number | string): string =>
  typeof value === 'number' ? String(value) : `'${value}'`
