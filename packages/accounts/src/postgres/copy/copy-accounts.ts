import { existsSync } from 'node:fs'
import { AccountsError, toAccountsError as toSqliteError } from '../../accounts-error.js'
import { checkOptions, invalid } from '../../arguments.js'
import { checkLocation, DEFAULT_SCHEMA } from '../open-postgres-accounts.js'
import { toAccountsError } from '../postgres-error.js'
import { type CopyEnd, openPostgresEnd, openSqliteEnd } from './copy-end.js'
import { type Contents, insertRows, readAll } from './tables.js'

/** Where accounts are: the path of a SQLite file, or PostgreSQL; `schema` is `gitmsg_accounts` by default. */
export type AccountsLocation = { readonly path: string } | { readonly url: string; readonly schema?: string }

/** Options of {@link copyAccounts}. */
export interface CopyAccountsOptions {
  /** A database that exists. */
  readonly from: AccountsLocation
  /** A database without accounts, or with the same ones; created if it is missing. */
  readonly to: AccountsLocation
  /** Ends the copying: it rejects with `aborted`, and nothing is copied. */
  readonly signal?: AbortSignal | undefined
}

/** What {@link copyAccounts} has copied. */
export interface CopiedAccounts {
  /** How many accounts. */
  readonly accounts: number
  /** How many access tokens and sessions. */
  readonly tokens: number
  /** How many posts that wait, or were decided on the last day. */
  readonly held: number
  /** SHA-256 of all that was copied, in hexadecimal. It was found in both databases. */
  readonly digest: string
}

const KNOWN_OPTIONS = { from: true, to: true, signal: true } satisfies Record<keyof CopyAccountsOptions, true>

/**
 * Copies everything from one engine to the other, in one transaction: accounts with their passwords, tokens, links, held
 * posts, reports and the audit. It is read again before it is committed, and compared by a digest. Other writes wait in
 * both databases. If the other one has the same contents already, nothing is to do.
 *
 * @throws AccountsError `not-empty`, `busy`, `aborted`, `failed`, and as {@link openPostgresAccounts} and `openAccounts` do
 *
 * @example
 * ```ts
 * const { accounts } = await copyAccounts({ from: { path: 'accounts.db' }, to: { url: 'postgres://db.internal/gitmsg' } })
 * ```
 */
export async function copyAccounts(options: CopyAccountsOptions): Promise<CopiedAccounts> {
  try {
    checkOptions(options, KNOWN_OPTIONS)
    for (const location of [options.from, options.to]) checkEnd(location)
    if ('path' in options.from && !existsSync(options.from.path)) {
      throw new AccountsError('not-accounts', 'there is no file to copy from')
    }
    await using from = await openEnd(options.from)
    await using to = await openEnd(options.to)
    const { counts, digest } = await copy({ from, to, signal: options.signal })
    const { accounts, tokens, held } = counts
    return { accounts, tokens, held, digest }
  } catch (error) {
    const known = toSqliteError(error)
    throw known.code === 'failed' ? toAccountsError(error) : known
  }
}

function checkEnd(location: AccountsLocation): void {
  const { path, url, schema = DEFAULT_SCHEMA } = (location ?? {}) as Record<string, unknown>
  if ((typeof path === 'string') === (typeof url === 'string')) {
    throw invalid('from and to must each have a path or a url')
  }
  if (typeof url === 'string') checkLocation(url, schema)
}

const openEnd = (location: AccountsLocation): Promise<CopyEnd> =>
  'path' in location
    ? openSqliteEnd(location.path)
    : openPostgresEnd(location.url, location.schema ?? DEFAULT_SCHEMA)

interface CopyParts {
  readonly from: CopyEnd
  readonly to: CopyEnd
  readonly signal: AbortSignal | undefined
}

function copy({ from, to, signal }: CopyParts): Promise<Contents> {
  return from.write((reader) =>
    to.write(async (writer) => {
      const present = await readAll(writer, async () => throwIfAborted(signal))
      const isEmpty = Object.values(present.counts).every((count) => count === 0)
      const source = await readAll(reader, async (table, rows) => {
        throwIfAborted(signal)
        if (isEmpty) await insertRows(writer, table, rows)
      })
      if (!isEmpty && present.digest !== source.digest) {
        throw new AccountsError('not-empty', 'the database to copy to has other accounts')
      }
      if (!isEmpty) return source
      await to.writeLatest(writer, await from.readLatest(reader))
      const { digest } = await readAll(writer, async () => throwIfAborted(signal))
      if (digest !== source.digest) throw new AccountsError('failed', 'the copy differs from the original')
      return source
    }),
  )
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AccountsError('aborted', 'aborted by the signal')
}
