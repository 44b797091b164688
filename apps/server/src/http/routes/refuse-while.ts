import type { Middleware } from 'koa'
import { HttpProblem } from '../http-problem.js'

/** Refuses new work once a shutdown has begun; what came before is still answered. */
export function refuseWhile(isDraining: () => boolean): Middleware {
  return (_context, next) => {
    if (isDraining()) throw new HttpProblem(503, 'shutting_down', 'The server is shutting down. Try again.')
    return next()
  }
}
