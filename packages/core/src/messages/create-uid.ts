import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const BYTES_OF_A_UID = 16
const UIDS_AT_ONCE = 256

/** Makes UUIDv7s. Random bytes for many cost the system hardly more than for one, so they are drawn in advance. */
export function createUidSource(): () => string {
  const pool = new Uint8Array(UIDS_AT_ONCE * BYTES_OF_A_UID)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += BYTES_OF_A_UID
    return v7({ random: pool.subarray(used - BYTES_OF_A_UID, used) })
  }
}
