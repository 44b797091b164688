import { exchange } from '../exchange.js'
import { openTestServer } from './open-test-server.js'

/** A server, and requests that are written verbatim; `HOST` in a line stands for the server's own host. */
export async function openRawServer() {
  const server = await openTestServer()
  const { host, port } = new URL(server.url)
  const send = (lines: readonly string[], body = '') =>
    exchange(server.url, [`${lines.join('\r\n').replaceAll('HOST', host)}\r\n\r\n${body}`])
  return {
    server,
    host,
    port,
    send,
    get: (target: string, ...headers: string[]) =>
      send([`GET ${target} HTTP/1.1`, 'Host: HOST', 'Connection: close', ...headers]),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** The lines of a request that posts JSON. */
export const postLines = (...headers: string[]) => [
  'POST /messages HTTP/1.1',
  'Host: HOST',
  'Content-Type: application/json',
  ...headers,
]
