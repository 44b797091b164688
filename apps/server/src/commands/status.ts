import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readSyncStatus, type SyncStatus } from '@gitmsg/core'
import type { Environment, ServerConfig } from '../config/server-config.js'
import { createLogger } from '../create-logger.js'
import { DATABASE_FILE, openData } from '../open-engine.js'

/**
 * Reads the status beside a running server, or without one; asks no remote.
 *
 * @throws {Error} where there is no database yet; it is not made
 */
export async function readStatus(config: ServerConfig, environment: Environment): Promise<SyncStatus> {
  if (!existsSync(join(config.dataDirectory, DATABASE_FILE))) {
    throw new Error(`${config.dataDirectory} has no ${DATABASE_FILE}: nothing was ever served from there`)
  }
  const { store, backend, close } = await openData(config, environment, createLogger('silent'))
  try {
    return await readSyncStatus(store, backend)
  } finally {
    await close()
  }
}

/** The status as people read it, a line for each thing. */
export function describeStatus(status: SyncStatus): string {
  const { last_error: failure } = status
  const lines = [
    ['backend', status.backend],
    ['remote', status.remote ?? 'none: the local repository is the one that counts'],
    ['branch', status.branch],
    ['head', status.head ?? 'no commit yet'],
    ['pending', String(status.pending)],
    ['oldest pending', status.oldest_pending_at ?? '-'],
    ['quarantined', String(status.quarantined)],
    ['last synchronized', status.last_synchronized_at ?? 'never'],
    ...(failure ? [['last error', `${failure.code}: ${failure.message}`]] : []),
  ]
  return lines.map(([name = '', value]) => `${name.padEnd(18)} ${value}\n`).join('')
}
