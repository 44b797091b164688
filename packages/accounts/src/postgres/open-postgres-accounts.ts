import { type Accounts, type AccountsOptions, assembleAccounts } from '../accounts.js'
import { checkInteger, checkOptions, invalid } from '../arguments.js'
import { openDatabase } from './database.js'
import { toAccountsError } from './postgres-error.js'

/** Options of {@link openPostgresAccounts}. */
export interface OpenPostgresAccountsOptions extends AccountsOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that `pg` knows, such as `sslmode`. */
  readonly url: string
  /** The schema that holds the tables, and no others; created if it is missing. Default: `gitmsg_accounts`. */
  readonly schema?: string | undefined
  /** The maximum number of connections: one for writes, the others for reads. Default: 3. */
  readonly connections?: number | undefined
  /**
   * How long to wait for the database, and for other writes, before failing with `unavailable` or `busy`, in
   * milliseconds. Default: 5000.
   */
  readonly busyTimeout?: number | undefined
  /** Stops waiting while opening: rejects with `aborted`. Has no effect on the open accounts. */
  readonly signal?: AbortSignal | undefined
  /** Whether to create missing tables, and to migrate those of an older version. Default: true. */
  readonly migrate?: boolean | undefined
  /** Called before tables are created, or those of an older version are migrated. */
  readonly onMigrate?: (() => void) | undefined
  /**
   * Called once, some seconds after a newer version of this package has migrated the tables. What these accounts write
   * from then on may lack what that version expects: close them, and upgrade.
   */
  readonly onNewerSchema?: (() => void) | undefined
}

const KNOWN_OPTIONS = {
  url: true,
  schema: true,
  connections: true,
  busyTimeout: true,
  signal: true,
  migrate: true,
  onMigrate: true,
  onNewerSchema: true,
  clock: true,
  randomBytes: true,
  passwordCost: true,
} satisfies Record<keyof OpenPostgresAccountsOptions, true>

export const DEFAULT_SCHEMA = 'gitmsg_accounts'
/** What needs no quotes, and fits into 63 bytes. */
const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/
const MAX_CONNECTIONS = 1_000

/**
 * Opens accounts on PostgreSQL 15 or later, which any number of servers may share. Creates the tables in a schema of
 * their own if they are missing, and migrates those of an older version.
 *
 * The connections need no session of their own, so a pooler may stand between.
 *
 * @throws AccountsError `not-accounts`, `newer-schema`, `older-schema`, `unsafe`, `busy`, `unavailable`, `unwritable`,
 *   `invalid-argument`, `aborted`
 *
 * @example
 * ```ts
 * const accounts = await openPostgresAccounts({ url: 'postgres://gitmsg@db.internal/gitmsg' })
 * ```
 */
export async function openPostgresAccounts(options: OpenPostgresAccountsOptions): Promise<Accounts> {
  try {
    checkOptions(options, KNOWN_OPTIONS)
    const { url, schema = DEFAULT_SCHEMA, connections = 3, busyTimeout = 5_000 } = options
    const { signal, migrate = true, onMigrate = () => {}, onNewerSchema } = options
    const { clock, randomBytes, passwordCost } = options
    checkLocation(url, schema)
    checkInteger('connections', connections, { min: 2, max: MAX_CONNECTIONS })
    checkInteger('busyTimeout', busyTimeout, { min: 0, max: Number.MAX_SAFE_INTEGER })
    const database = await openDatabase({
      ...{ url, schema, connections, isPatient: false, busyTimeoutMs: busyTimeout },
      ...{ signal, migrate, onMigrate, onNewerSchema },
    })
    return assembleAccounts(database, { clock, randomBytes, passwordCost, toError: toAccountsError })
  } catch (error) {
    throw toAccountsError(error)
  }
}

/** @throws AccountsError `invalid-argument` */
export function checkLocation(url: unknown, schema: unknown): void {
  const isPostgres =
    typeof url === 'string' && URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)
  if (!isPostgres) throw invalid('url must be like postgres://user@host/database')
  if (typeof schema === 'string' && SCHEMA_PATTERN.test(schema)) return
  throw invalid('schema must be a name of lower-case letters, digits and underscores')
}
