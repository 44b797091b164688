import { setTimeout as pause } from 'node:timers/promises'
import { ClientError } from '@gitmsg/client'
import { reasonOf } from './describe-failure.js'

/** A server that was restarted meanwhile serves again by then. */
const PATIENCE_MS = 30_000
const PAUSE_MS = 500

/** The request was sent, or may have been: what the server did is unknown. */
const BROKEN = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']
/** What a proxy responds when it lost the server. */
const GATEWAY_STATUSES = [502, 504]

/** How long to try. */
export interface RepeatOptions {
  readonly patienceMs?: number
  readonly pauseMs?: number
}

/**
 * Sends a write that is safe to repeat, again and again after a connection broke: until the server has responded, or
 * for 30 seconds. A server that cannot be reached in the first place is not waited for.
 *
 * @throws {ClientError} the last one; with the code `outcome-unknown` if the write may have been stored
 */
export async function repeatWrite<Result>(
  write: () => Promise<Result>,
  { patienceMs = PATIENCE_MS, pauseMs = PAUSE_MS }: RepeatOptions = {},
): Promise<Result> {
  const deadline = performance.now() + patienceMs
  let isUnknown = false
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      isUnknown ||= isBroken(error)
      if (!isUnknown || isResponse(error)) throw error
      if (performance.now() > deadline) {
        const text = 'The connection broke, and whether the server stored it is unknown.'
        throw new ClientError('outcome-unknown', text, { cause: error })
      }
      await pause(pauseMs)
    }
  }
}

const isBroken = (error: ClientError): boolean =>
  error.code === 'timed-out' ||
  GATEWAY_STATUSES.includes(error.status) ||
  BROKEN.includes(reasonOf(error).code ?? '')

/** Whether the server itself has decided. */
const isResponse = ({ status }: ClientError): boolean => status !== 0 && !GATEWAY_STATUSES.includes(status)
