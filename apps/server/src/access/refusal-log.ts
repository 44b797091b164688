import type { Context } from 'koa'
import type { Logger } from 'pino'
import type { ErrorAnswer } from '../http/error-table.js'

/** No permission, a wrong or foreign name, too often: what somebody sees who tries to get in. */
const REFUSALS: readonly number[] = [401, 403, 421, 429]
/** So that who is refused very often fills no disk. */
const LINES_A_SECOND = 10

export type LogRefusal = (context: Context, answer: ErrorAnswer) => void

/** Logs who was refused, where and why. Beyond ten in a second they are counted, and the next line says how many. */
export function createRefusalLog(logger: Logger, monotonic = () => performance.now()): LogRefusal {
  let second = 0
  let lines = 0
  let unlogged = 0
  return ({ method, path, state, socket }, { status, code }) => {
    if (!REFUSALS.includes(status)) return
    const now = Math.floor(monotonic() / 1000)
    if (now !== second) lines = 0
    second = now
    if (lines === LINES_A_SECOND) {
      unlogged += 1
      return
    }
    lines += 1
    const who = { request_id: state.requestId, peer: socket.remoteAddress, token: state.token?.name }
    logger.warn({ ...who, method, path, code, ...(unlogged > 0 && { unlogged }) }, 'request refused')
    unlogged = 0
  }
}
