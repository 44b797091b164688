import { createRequire } from 'node:module'
import BetterSqlite3 from 'better-sqlite3'
import { StoreError } from '../store-error.js'

/** Since this version the driver needs Node-API 10, and Node.js versions without it crash when they load its binary. */
const FIRST_NODE_API_DRIVER = 13
const MIN_NODE_API_VERSION = 10

const CANNOT_LOAD =
  'the binary of better-sqlite3 is missing or does not fit this Node.js: ' +
  'run "npm approve-scripts better-sqlite3" and "npm rebuild better-sqlite3", ' +
  'or "pnpm approve-builds better-sqlite3" and "pnpm rebuild better-sqlite3"'

/** The binary is there, and can be loaded later. */
const OUT_OF_RESOURCES = /too many open files|EMFILE|ENFILE|cannot allocate memory/i

/** What decides whether the driver can be loaded. */
export interface DriverSituation {
  /** The installed version of better-sqlite3; `undefined` if it is unknown. */
  readonly driverVersion: string | undefined
  /** The Node-API version of this Node.js. */
  readonly nodeApiVersion: number
  /** Loads the binary; throws if that fails. */
  readonly load: () => void
}

/**
 * Loads the binary of SQLite, unless it would crash the process.
 *
 * @throws StoreError `missing-sqlite`, with what to do about it
 */
export function loadDriver(situation: DriverSituation = thisProcess()): void {
  const { driverVersion = '0', nodeApiVersion, load } = situation
  const major = Number.parseInt(driverVersion, 10)
  if (major >= FIRST_NODE_API_DRIVER && nodeApiVersion < MIN_NODE_API_VERSION) {
    throw new StoreError(
      'missing-sqlite',
      `better-sqlite3 ${major} needs Node.js 22.14 or later: update Node.js, or override better-sqlite3 with version 12`,
    )
  }
  try {
    load()
  } catch (cause) {
    if (OUT_OF_RESOURCES.test(String(cause))) throw cause
    throw new StoreError('missing-sqlite', CANNOT_LOAD, { cause })
  }
}

const thisProcess = (): DriverSituation => ({
  driverVersion: readDriverVersion(),
  nodeApiVersion: Number(process.versions.napi),
  load: () => new BetterSqlite3(':memory:').close(),
})

function readDriverVersion(): string | undefined {
  try {
    return createRequire(import.meta.url)('better-sqlite3/package.json').version
  } catch {
    return undefined // a bundler may have moved the driver
  }
}
