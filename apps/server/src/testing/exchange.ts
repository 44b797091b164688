import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A response as it came over the wire. */
export interface RawResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
  readonly json: any
  /** Everything received, including whatever followed the first response. */
  readonly text: string
  /** Milliseconds until the connection was closed. */
  readonly took: number
}

/**
 * Writes the parts verbatim, one after the other, on a connection of their own, and waits until the server
 * closes it or `patience` milliseconds have passed. `end` half-closes the connection after the last part.
 */
export async function exchange(
  url: string,
  parts: readonly (string | Uint8Array)[],
  { pauseMs = 0, patience = 15_000, end = false } = {},
): Promise<RawResponse> {
  const start = performance.now()
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  // After the response the server may reset a connection that it wants nothing more from.
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  for (const part of parts) {
    if (socket.destroyed) break
    socket.write(part)
    await pause(pauseMs)
  }
  if (end) socket.end()
  const patient = setTimeout(() => socket.destroy(), patience)
  await closed
  clearTimeout(patient)
  return { ...parseResponse(Buffer.concat(chunks).toString('utf8')), took: performance.now() - start }
}

function parseResponse(text: string): Omit<RawResponse, 'took'> {
  const end = text.indexOf('\r\n\r\n')
  const [status = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  )
  const body = text.slice(end + 4, end + 4 + Number(headers['content-length'] ?? 0))
  const json = /json/.test(headers['content-type'] ?? '') && body ? JSON.parse(body) : undefined
  return { status: Number(status.split(' ')[1]), headers, json, text }
}
