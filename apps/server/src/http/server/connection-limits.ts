import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { REQUEST_EVENTS } from '../request-events.js'

/**
 * Closes a connection after the last answer that the server's `maxRequestsPerSocket` allows, and one whose
 * client takes nothing of its answer for the server's `timeout`, however long an answer may take to be made.
 */
export function limitConnections(server: Server): void {
  const counts = new WeakMap<Socket, number>()
  function limit({ socket }: IncomingMessage, answer: ServerResponse): void {
    const count = (counts.get(socket) ?? 0) + 1
    counts.set(socket, count)
    // Node.js would only say that it closes, and answer what comes then in a form of its own.
    if (count === server.maxRequestsPerSocket) answer.shouldKeepAlive = false
    answer.on('timeout', closeUnread)
  }
  for (const event of REQUEST_EVENTS) server.on(event, limit)
}

function closeUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy()
}
