import type { Context, Middleware } from 'koa'
import type { Logger } from 'pino'
import { createRefusalLog } from '../../access/refusal-log.js'
import { answerFor, type ErrorAnswer } from '../error-table.js'
import { HttpProblem } from '../http-problem.js'
import { answerThenDiscard } from './drain-body.js'

/** The body of every error answer. */
export function errorBody({ code, message, field }: ErrorAnswer, requestId?: string): string {
  return JSON.stringify({ status: 'error', error: { code, message, field, request_id: requestId } })
}

const notFound = new HttpProblem(404, 'not_found', 'There is nothing here.')

/** Seconds after which a client may try again what failed for lack of room, time or a server. */
const RETRY_AFTER: Record<number, string> = { 503: '1', 507: '60' }

/** Answers whatever went wrong further in, and what nobody answered, in the one form of an error. */
export function answerErrors(logger: Logger, onRejected: (code: string) => void): Middleware {
  const logRefusal = createRefusalLog(logger)
  return async (context, next) => {
    try {
      await next()
      if (context.status === 404 && !context.body) throw notFound
    } catch (error) {
      const answer = answerFor(error)
      onRejected(answer.code)
      if (answer.status === 500)
        logger.error({ err: error, request_id: context.state.requestId }, 'request failed')
      logRefusal(context, answer)
      write(context, answer)
    }
  }
}

function write(context: Context, answer: ErrorAnswer): void {
  const body = errorBody(answer, context.state.requestId)
  const retryAfter = RETRY_AFTER[answer.status]
  context.status = answer.status
  context.type = 'application/json; charset=utf-8'
  if (retryAfter) context.set('Retry-After', retryAfter)
  context.set(answer.headers ?? {})
  context.body = body
  if (context.req.complete) return
  // What is left of a body that nobody read would be taken for the next request.
  context.set('Connection', 'close')
  if (context.method !== 'HEAD' && !context.get('Expect')) answerThenDiscard(context, body)
}
