import { type IncomingMessage, type Server, request as send } from 'node:http'
import { duplexPair, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** What a request is sent with, besides its method and body. */
export interface Target {
  /** The path with its query. */
  readonly path: string
  readonly headers: Headers
}

/**
 * Headers of one connection (RFC 9110, 7.6.1), and those that Node.js sets. A body has no `Content-Length` here, so
 * that one that is not true cannot hide a second request in it.
 */
const OF_CONNECTION: readonly string[] = [
  ...['connection', 'content-length', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
]

/** Responses that never have a body. */
const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304]

/**
 * Sends a request to a server that need not listen, over a connection in memory, and resolves with its response once
 * that has begun. Whatever ends the request or its response, the server sees the client disconnect.
 *
 * @throws the reason of the request's signal, if that aborts before there is a response
 */
export function exchange(server: Server, request: Request, { path, headers }: Target): Promise<Response> {
  const { method, body, signal } = request
  if (signal.aborted) return Promise.reject(signal.reason)
  const [ours, theirs] = duplexPair()
  server.emit('connection', theirs)
  const sent = [...headers].filter(([name]) => !OF_CONNECTION.includes(name))
  const outgoing = send({
    createConnection: () => ours,
    ...{ method, path },
    // Node.js would send the body of DELETE and OPTIONS as it is: the server would read it as the next request.
    headers: { ...Object.fromEntries(sent), ...(body && { 'transfer-encoding': 'chunked' }) },
  })
  let response: IncomingMessage | undefined

  function cut(): void {
    response?.destroy(signal.reason)
    outgoing.destroy()
    ours.destroy()
  }
  signal.addEventListener('abort', cut, { once: true })
  ours.once('close', () => {
    signal.removeEventListener('abort', cut)
    theirs.destroy()
  })
  theirs.once('close', () => theirs.writableFinished || ours.destroy())

  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(signal.aborted ? signal.reason : error)
    // An error of the body, which is the cause of this one, comes first.
    outgoing.on('error', (error) => setImmediate(fail, error))
    outgoing.once('response', (incoming) => {
      response = incoming
      resolve(toResponse(incoming, method))
    })
    if (!body) return void outgoing.end()
    // The server may respond without reading all of it.
    pipeline(Readable.fromWeb(body as ReadableStream), outgoing).catch((error) => response || fail(error))
  })
}

type Body = ConstructorParameters<typeof Response>[0]

function toResponse(incoming: IncomingMessage, method: string): Response {
  const { statusCode: status = 0, rawHeaders } = incoming
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (name.toLowerCase() === 'content-length' || !OF_CONNECTION.includes(name.toLowerCase())) {
      headers.append(name, value)
    }
  }
  const hasBody = method !== 'HEAD' && !NULL_BODY_STATUSES.includes(status)
  if (!hasBody) incoming.resume()
  return new Response(hasBody ? (Readable.toWeb(incoming) as Body) : null, { status, headers })
}
