import { once } from 'node:events'
import { connect } from 'node:net'

/** The lines of a valid handshake; replace or add headers, or leave one out with `null`. */
export function handshake(
  host: string,
  headers: Record<string, string | null> = {},
  target = '/live',
): string {
  const all = {
    Host: host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol': 'gitmsg.live.v1',
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  return `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

/** A frame as a client sends it. */
export function clientFrame(
  payload: string | Uint8Array,
  { opcode = 1, isFinal = true, isMasked = true, reserved = 0 } = {},
): Buffer {
  const body = Buffer.from(payload as string)
  const length =
    body.byteLength < 126 ? [body.byteLength] : [126, body.byteLength >> 8, body.byteLength & 255]
  const [first = 0, ...more] = length
  const head = [(isFinal ? 0x80 : 0) | (reserved << 4) | opcode, (isMasked ? 0x80 : 0) | first, ...more]
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([Buffer.from(head), Buffer.from(isMasked ? [0, 0, 0, 0] : []), body])
}

/** A WebSocket that is written byte by byte. */
export interface RawSocket extends Disposable {
  write(bytes: string | Uint8Array): void
  end(): void
  /** Everything received, headers included. */
  received(): Buffer
  /** Resolves when the server has closed the connection. */
  readonly ended: Promise<unknown>
  /** The code of the close frame, if one has arrived; 1005: it has none. */
  closeCode(): number | undefined
  /** The JSON of the text frames that have arrived. */
  // biome-ignore lint/suspicious/noExplicitAny: frames of every type
  frames(): any[]
}

export function openRawSocket(url: string): RawSocket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {})
  const received = () => Buffer.concat(chunks)
  return {
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    received,
    ended: Promise.race([once(socket, 'end'), once(socket, 'close')]),
    closeCode: () => closeCodeOf(readFrames(received())),
    frames: () =>
      readFrames(received()).flatMap(({ opcode, payload }) =>
        opcode === TEXT ? JSON.parse(String(payload)) : [],
      ),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

const TEXT = 1
const CLOSE = 8

interface RawFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** Reads the complete frames after the headers. */
function readFrames(bytes: Buffer): RawFrame[] {
  const frames: RawFrame[] = []
  let at = bytes.indexOf('\r\n\r\n') + 4
  while (at >= 4 && at + 2 <= bytes.byteLength) {
    const short = bytes.readUInt8(at + 1)
    if (short === 127) throw new Error('a frame of more than 64 KiB')
    if (short === 126 && at + 4 > bytes.byteLength) break
    const [length, head] = short < 126 ? [short, 2] : [bytes.readUInt16BE(at + 2), 4]
    const end = at + head + length
    if (end > bytes.byteLength) break
    frames.push({ opcode: bytes.readUInt8(at) & 15, payload: bytes.subarray(at + head, end) })
    at = end
  }
  return frames
}

function closeCodeOf(frames: readonly RawFrame[]): number | undefined {
  const payload = frames.find(({ opcode }) => opcode === CLOSE)?.payload
  return payload && (payload.byteLength >= 2 ? payload.readUInt16BE(0) : 1005)
}
