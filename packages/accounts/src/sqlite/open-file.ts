import { closeSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { AccountsError } from '../accounts-error.js'
import { invalid } from '../arguments.js'

/** SQLite's application id of a database of accounts: "gacc" in ASCII, at offset 68 of the file. */
const APPLICATION_ID = 0x67616363

/** How long SQLite itself waits for a lock. It blocks the event loop for that time. */
const BLOCKING_TIMEOUT_MS = 20
/** Older versions can lose committed transactions when two connections write and checkpoint at once. */
const MIN_SQLITE_VERSION = 3_051_003
/** Since this version the driver needs Node-API 10, and Node.js versions without it crash when they load its binary. */
const FIRST_NODE_API_DRIVER = 13
const MIN_NODE_API_VERSION = 10
/** The file, and those that SQLite keeps beside it. */
const SUFFIXES = ['', '-wal', '-shm', '-journal']

/** An open file, before it is migrated. */
export interface OpenedFile {
  readonly handle: BetterSqlite3.Database
  /** The names of the migrations that it has. */
  readonly applied: readonly string[]
}

/**
 * Opens a database file for writing, and creates it, for its owner only, if it is missing. A file that is not one of
 * these databases is not changed.
 *
 * @throws AccountsError `invalid-argument`, `not-accounts`, `unusable-sqlite`, `newer-schema`
 */
export function openFile(path: string, knownMigrations: readonly string[]): OpenedFile {
  assertDriverLoads()
  const absolute = ensureFile(path)
  const handle = new BetterSqlite3(absolute, { timeout: BLOCKING_TIMEOUT_MS, fileMustExist: true })
  try {
    assertSafeSqlite(handle)
    const applied = readMigrations(handle)
    if (applied.some((name) => !knownMigrations.includes(name))) {
      throw new AccountsError('newer-schema', 'the database was written by a newer version')
    }
    configure(handle)
    return { handle, applied }
  } catch (error) {
    handle.close()
    throw error
  }
}

function ensureFile(path: string): string {
  if (typeof path !== 'string' || path.trim() !== path || path === '' || path === ':memory:') {
    throw invalid('path must name a file')
  }
  const absolute = resolve(path)
  if (SUFFIXES.some((suffix) => statusOf(absolute + suffix)?.isSymbolicLink())) {
    throw new AccountsError('not-accounts', 'the database, or a file beside it, is a symbolic link')
  }
  const status = statusOf(absolute)
  if (status && !status.isFile()) throw new AccountsError('not-accounts', 'the path is not a regular file')
  if (!status) createFile(absolute)
  return absolute
}

/** Does not follow a symbolic link. */
const statusOf = (path: string) => lstatSync(path, { throwIfNoEntry: false })

function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    // Another process created it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function readMigrations(handle: BetterSqlite3.Database): string[] {
  const tables = handle.prepare('select name from sqlite_schema').pluck().all()
  const id = handle.pragma('application_id', { simple: true })
  if (id !== APPLICATION_ID && !(id === 0 && tables.length === 0)) {
    throw new AccountsError('not-accounts', 'this SQLite database belongs to another program')
  }
  if (!tables.includes('schema_version')) return []
  return handle.prepare('select name from schema_version').pluck().all() as string[]
}

function configure(handle: BetterSqlite3.Database): void {
  handle.pragma(`application_id = ${APPLICATION_ID}`)
  if (handle.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
    throw new AccountsError('unusable-sqlite', 'this file system does not support a database in WAL mode')
  }
  // Explicit, because better-sqlite3 is built to default to NORMAL, which loses commits in a power cut.
  handle.pragma('synchronous = FULL')
  handle.pragma('foreign_keys = ON')
  // Overwrites what is deleted with zeros: a rejected post must not stay in free pages.
  handle.pragma('secure_delete = ON')
}

function assertDriverLoads(): void {
  const major = Number.parseInt(readDriverVersion(), 10)
  if (major >= FIRST_NODE_API_DRIVER && Number(process.versions.napi) < MIN_NODE_API_VERSION) {
    throw new AccountsError('unusable-sqlite', `better-sqlite3 ${major} needs Node.js 22.14 or later`)
  }
  try {
    new BetterSqlite3(':memory:').close()
  } catch (cause) {
    throw new AccountsError('unusable-sqlite', 'better-sqlite3 has no binary for this Node.js', { cause })
  }
}

function readDriverVersion(): string {
  try {
    return createRequire(import.meta.url)('better-sqlite3/package.json').version
  } catch {
    return '0' // a bundler may have moved the driver
  }
}

function assertSafeSqlite(handle: BetterSqlite3.Database): void {
  const version = handle.prepare('select sqlite_version()').pluck().get() as string
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major * 1_000_000 + minor * 1_000 + patch >= MIN_SQLITE_VERSION) return
  throw new AccountsError('unusable-sqlite', `SQLite ${version} can lose committed data`)
}
