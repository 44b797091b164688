import type { Middleware } from 'koa'
import { HttpProblem } from '../http/http-problem.js'
import type { AccessToken } from './access-token.js'

/** Refuses a message of another sender than the one to whom the token is bound. Comes after the body is read. */
export const bindSender: Middleware = (context, next) => {
  const token: AccessToken | null = context.state.token
  const sender: unknown = context.state.json?.sender
  // A sender that is no text is no message at all; the engine says so.
  if (token?.sender !== undefined && typeof sender === 'string' && sender !== token.sender) {
    throw new HttpProblem(403, 'sender_not_allowed', 'The token is for another sender.', { field: 'sender' })
  }
  return next()
}
