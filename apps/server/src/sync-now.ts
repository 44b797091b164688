import { setTimeout as pause } from 'node:timers/promises'
import type { Engine, SyncStatus } from '@gitmsg/core'

/** How long, in milliseconds, to wait for another process that holds the right to synchronize. */
const PATIENCE = 30_000
const LOOK_AGAIN = 250

/**
 * Imports and dispatches until nothing is pending or it fails. Where a server runs on the same data, that
 * server does it, and this waits for it.
 */
export async function syncNow(engine: Engine): Promise<SyncStatus> {
  let status = await engine.sync()
  const until = performance.now() + PATIENCE
  while (status.pending > 0 && !status.last_error && performance.now() < until) {
    await pause(LOOK_AGAIN)
    status = await engine.status()
  }
  return status
}
