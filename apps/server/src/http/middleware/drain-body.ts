import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import type { Context } from 'koa'

/** How much of an unwanted body, in bytes and in milliseconds, is still taken in to be thrown away. */
const MOST = 1024 * 1024
const LONGEST = 500

/**
 * Answers at once, and closes a little later: a connection that is closed on a client that is still sending
 * is reset, and the client may never see the answer.
 */
export function answerThenDiscard(context: Context, text: string): void {
  const body = new PassThrough()
  context.body = body
  context.length = Buffer.byteLength(text)
  body.write(text)
  discard(context.req, () => body.end())
}

function discard(request: IncomingMessage, done: () => void): void {
  let discarded = 0
  const timer = setTimeout(finish, LONGEST)
  function count(chunk: Buffer): void {
    discarded += chunk.byteLength
    if (discarded > MOST) finish()
  }
  function finish(): void {
    clearTimeout(timer)
    request.off('data', count).pause()
    done()
  }
  request.on('data', count).once('end', finish).once('close', finish)
  request.resume()
}
