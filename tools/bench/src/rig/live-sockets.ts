import { WebSocket } from 'ws'

const SUBPROTOCOL = 'gitmsg.live.v1'
/** A server accepts 32 live connections of one peer. */
const SOCKETS_PER_ADDRESS = 32

/** Milliseconds of a clock that all processes of this machine share. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6

/** The address of the loopback from which a client connects, so that many clients look like many peers. */
export function addressOf(client: number): string {
  const group = Math.floor(client / SOCKETS_PER_ADDRESS)
  return `127.${1 + (group >> 8)}.${group & 255}.1`
}

/** Opens the WebSocket of one of many clients; it says hello as soon as it is open. */
export function openLiveSocket(
  url: string,
  { client = 0, after = null }: { client?: number; after?: object | null } = {},
): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}live`, SUBPROTOCOL, {
    localAddress: addressOf(client),
    perMessageDeflate: false,
  })
  socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', after })))
  return socket
}
