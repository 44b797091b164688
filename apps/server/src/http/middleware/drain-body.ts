import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import type { Context } from 'koa'

/** How much of an unread body is received and discarded, and for how long. */
const MAX_DRAINED_BYTES = 1024 * 1024
const DRAIN_MS = 500

/**
 * Sends the response at once, but ends it only after discarding the rest of the body: closing the connection
 * while the client is still sending would reset it, and the client might never see the response.
 */
export function respondThenDrain(context: Context, text: string): void {
  const body = new PassThrough()
  context.body = body
  context.length = Buffer.byteLength(text)
  body.write(text)
  drain(context.req, () => body.end())
}

function drain(request: IncomingMessage, onDone: () => void): void {
  let drainedBytes = 0
  const timer = setTimeout(finish, DRAIN_MS)
  function discard(chunk: Buffer): void {
    drainedBytes += chunk.byteLength
    if (drainedBytes > MAX_DRAINED_BYTES) finish()
  }
  function finish(): void {
    clearTimeout(timer)
    request.off('data', discard).pause()
    onDone()
  }
  request.on('data', discard).once('end', finish).once('close', finish)
  request.resume()
}
