import type { Middleware } from 'koa'
import { HttpProblem } from '../http-problem.js'
import type { AssertRoom } from '../middleware/guards/capacity-guard.js'

/** Refuses new work once a shutdown has begun; what came before is still answered. */
export function refuseWhile(isDraining: () => boolean): Middleware {
  return (_context, next) => {
    if (isDraining()) throw new HttpProblem(503, 'shutting_down', 'The server is shutting down. Try again.')
    return next()
  }
}

/** Refuses new messages while there is no room for them. */
export function refuseWithoutRoom(assertRoom: AssertRoom): Middleware {
  return async (_context, next) => {
    await assertRoom()
    return next()
  }
}
