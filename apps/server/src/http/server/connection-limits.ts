import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A server emits exactly one of these for each request. */
export const REQUEST_EVENTS = ['request', 'checkContinue', 'checkExpectation'] as const

/**
 * Closes a connection after the last response that `maxRequestsPerSocket` allows, and one whose client reads
 * nothing of a response for the server's `timeout`. Producing a response may take longer than that.
 */
export function limitConnections(server: Server): void {
  const counts = new WeakMap<Socket, number>()
  function limit({ socket }: IncomingMessage, response: ServerResponse): void {
    const count = (counts.get(socket) ?? 0) + 1
    counts.set(socket, count)
    // Node.js only announces that it will close, and responds to further requests in a format of its own.
    if (count === server.maxRequestsPerSocket) response.shouldKeepAlive = false
    response.on('timeout', closeIfUnread)
  }
  for (const event of REQUEST_EVENTS) server.on(event, limit)
}

function closeIfUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy()
}
