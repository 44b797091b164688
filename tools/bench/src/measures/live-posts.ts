import { setTimeout as pause } from 'node:timers/promises'
import type { Readings } from '../report/compare.js'
import { onCopy } from '../rig/folders.js'
import { type ForkedProgram, forkProgram } from '../rig/forked-program.js'
import { openLiveSocket, sharedNow } from '../rig/live-sockets.js'
import { makeMessage } from '../rig/messages.js'
import type { RunningServer } from '../rig/server.js'

const POSTS_PER_SECOND = 100
const IDLE_POSTS = 40
const IDLE_PAUSE_MS = 150
const LARGE_MESSAGES = 300
const LARGE_LENGTH = 30_000
const BYTES_PER_MEBIBYTE = 2 ** 20

/** What `live-clients` sends: times in milliseconds from the 201 until the message was there. */
export interface Deliveries {
  /** Of all messages at all sockets. */
  readonly arrivedPercent: number
  /** The number of messages in all frames at all sockets: the posts, and their changes when they are committed. */
  readonly delivered: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface LiveOptions {
  readonly fixture: string
  readonly start: (folder: string) => Promise<RunningServer>
}

/** The time from the 201 until one client has the frame, when nothing else happens. */
export const measureIdleFrames = ({ fixture, start }: LiveOptions): Promise<Readings> =>
  onServer({ fixture, start }, async ({ url }) => {
    const arrivals = new Map<string, number>()
    const socket = openLiveSocket(url)
    socket.on('message', (data) => {
      const at = sharedNow()
      const { messages = [] } = JSON.parse(String(data)) as { messages?: { content: string }[] }
      for (const { content } of messages) if (!arrivals.has(content)) arrivals.set(content, at)
    })
    const delays: number[] = []
    for (let number = 0; number < IDLE_POSTS; number += 1) {
      await pause(IDLE_PAUSE_MS)
      const { content, at } = await post(url, number)
      await pause(IDLE_PAUSE_MS)
      const arrivedAt = arrivals.get(content)
      if (arrivedAt === undefined) throw new Error('A message did not arrive')
      delays.push(arrivedAt - at)
    }
    socket.terminate()
    const sorted = delays.toSorted((one, other) => one - other)
    return { 'p50 ms': sorted[Math.floor(sorted.length / 2)] as number, 'max ms': sorted.at(-1) as number }
  })

export interface FanOutOptions extends LiveOptions {
  readonly sockets: number
  /** How many more sockets read nothing. Default: 0. */
  readonly slowReaders?: number
  readonly seconds: number
}

/** Posts at a steady rate while many sockets follow. */
export const measureFanOut = ({
  sockets,
  slowReaders = 0,
  seconds,
  ...options
}: FanOutOptions): Promise<Readings> =>
  onServer(options, async (server) => {
    const { url } = server
    const slow = slowReaders > 0 ? await openSlowReaders(url, slowReaders) : null
    const posts = Math.round(seconds * POSTS_PER_SECOND)
    const clients = forkProgram('live-clients', url, String(sockets), String(posts))
    try {
      await clients.receive()
      const processorMs = server.processorMs()
      clients.send(await postSteadily(url, posts))
      const deliveries = await clients.receive<Deliveries>()
      const usedMs = server.processorMs() - processorMs
      if (slow) await assertSlow(slow)
      return {
        'arrived %': deliveries.arrivedPercent,
        'p50 ms': deliveries.p50,
        'p99 ms': deliveries.p99,
        'max ms': deliveries.max,
        'processor µs a message': (usedMs * 1_000) / deliveries.delivered,
        'processor %': usedMs / (seconds * 10),
        'peak MB': (server.peak() * BYTES_PER_MEBIBYTE) / 1e6,
      }
    } finally {
      await clients.stop()
      await slow?.stop()
    }
  })

function onServer(
  { fixture, start }: LiveOptions,
  work: (server: RunningServer) => Promise<Readings>,
): Promise<Readings> {
  return onCopy(fixture, 'gitmsg', async (folder) => {
    const server = await start(folder)
    try {
      return await work(server)
    } finally {
      await server.stop()
    }
  })
}

/** Posts whether or not earlier responses have arrived; resolves with the ids and the times of the responses. */
async function postSteadily(url: string, posts: number): Promise<[id: number, at: number][]> {
  const startedAt = sharedNow()
  const requests: Promise<[number, number]>[] = []
  for (let number = 0; number < posts; number += 1) {
    await pause(startedAt + (number * 1_000) / POSTS_PER_SECOND - sharedNow())
    requests.push(post(url, number).then(({ id, at }) => [id, at]))
  }
  return Promise.all(requests)
}

async function post(url: string, number: number, message = makeMessage(number)) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}messages`, { method: 'POST', headers, body: JSON.stringify(message) })
  const at = sharedNow()
  if (response.status !== 201) throw new Error(`A post failed with ${response.status}`)
  const { message_id } = (await response.json()) as { message_id: number }
  return { id: message_id, content: message.content, at }
}

/** Clients with so much to read that the buffers of their connections are full from the start. */
async function openSlowReaders(url: string, count: number): Promise<ForkedProgram> {
  const { headers } = await fetch(`${url}messages?limit=1`)
  const [epoch = '', position = ''] = headers.get('gitmsg-position')?.split(':') ?? []
  for (let number = 0; number < LARGE_MESSAGES; number += 1) {
    await post(url, number, { content: 'x'.repeat(LARGE_LENGTH), sender: 'a' })
  }
  const readers = forkProgram('slow-readers', url, String(count), epoch, position)
  await readers.receive()
  return readers
}

async function assertSlow(readers: ForkedProgram): Promise<void> {
  readers.send('report')
  const messages = await readers.receive<number>()
  if (messages >= LARGE_MESSAGES) throw new Error('A slow reader has read everything')
}
