// Opens sockets, and notes when each posted message arrives at each: `live-clients URL SOCKETS MESSAGES`. Sends `ready`
// when all are welcomed; given the times of the posts by id, sends `Deliveries` once everything has arrived.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Deliveries } from '../measures/live-posts.js'
import { openLiveSocket, sharedNow } from '../rig/live-sockets.js'

const SOCKETS_AT_ONCE = 50
const POLL_MS = 10
/** After this time whatever is missing will never arrive. */
const PATIENCE_MS = 10_000
/** How a frame with messages begins, and the part of it in which frames differ. */
const TYPE = Buffer.from('{"type":"messages"')
const HEAD_LENGTH = 64

interface Frame {
  readonly bytes: Buffer
  readonly after: number
  readonly position: number
  /** One number for each message: its slot in `arrivals`. */
  readonly slots: readonly number[]
}

const [url = '', socketCount, messageCount] = process.argv.slice(2)
const sockets = Number(socketCount)
const messages = Number(messageCount)
/** All sockets share most frames, so each is parsed once. */
const frames = new Map<string, Frame>()
/** By the id of the message. */
const slots = new Map<number, number>()
const arrivals: Float64Array[] = []
let delivered = 0
let arrived = 0

for (let first = 0; first < sockets; first += SOCKETS_AT_ONCE) {
  const group = Array.from({ length: Math.min(SOCKETS_AT_ONCE, sockets - first) }, (_, index) =>
    open(first + index),
  )
  await Promise.all(group)
}
process.on('message', (posted: [id: number, at: number][]) => void report(posted))
process.send?.('ready')

async function open(client: number): Promise<void> {
  const socket = openLiveSocket(url, { client })
  const own = new Float64Array(messages)
  let position = -1
  arrivals.push(own)
  const [welcome] = (await once(socket, 'message')) as [Buffer]
  position = JSON.parse(String(welcome)).position
  socket.on('close', (code) => fail(`A socket was closed with ${code}`))
  socket.on('message', receive)

  function receive(bytes: Buffer): void {
    const now = sharedNow()
    if (!bytes.subarray(0, TYPE.length).equals(TYPE)) return
    const frame = readFrame(bytes)
    if (frame.after !== position) fail(`A frame after ${frame.after} arrived at ${position}`)
    position = frame.position
    delivered += frame.slots.length
    for (const slot of frame.slots) {
      if (own[slot] !== 0) continue
      own[slot] = now
      arrived += 1
    }
  }
}

function readFrame(bytes: Buffer): Frame {
  const key = bytes.toString('latin1', 0, HEAD_LENGTH)
  const known = frames.get(key)
  if (known?.bytes.equals(bytes)) return known
  const { after, position, messages: list } = JSON.parse(String(bytes))
  const frame = {
    bytes: Buffer.from(bytes),
    after,
    position,
    slots: list.map(({ id }: { id: number }) => slotOf(id)),
  }
  frames.set(key, frame)
  return frame
}

function slotOf(id: number): number {
  const slot = slots.get(id) ?? slots.size
  if (slot >= messages) fail('More messages arrived than were posted')
  slots.set(id, slot)
  return slot
}

async function report(posted: readonly [id: number, at: number][]): Promise<void> {
  const expected = posted.length * sockets
  const end = sharedNow() + PATIENCE_MS
  while (arrived < expected && sharedNow() < end) await pause(POLL_MS)
  const delays = posted.flatMap(([id, at]) => {
    const slot = slots.get(id) ?? messages
    return arrivals.flatMap((own) => (own[slot] ? own[slot] - at : []))
  })
  const sorted = Float64Array.from(delays).sort()
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
  const deliveries: Deliveries = {
    arrivedPercent: (100 * arrived) / expected,
    delivered,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }
  process.send?.(deliveries)
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
