import { setTimeout as pause } from 'node:timers/promises'
import { onCopy } from '../data/folders.js'
import { makeMessage } from '../data/messages.js'
import type { Readings } from '../report/compare.js'
import { forkProgram } from '../rig/forked-program.js'
import { openLiveSocket, sharedNow } from '../rig/live-sockets.js'
import type { RunningServer } from '../rig/server.js'

const POSTS_PER_SECOND = 100
const IDLE_POSTS = 40
const IDLE_PAUSE_MS = 150
/** More than the buffers of a loopback connection take, and less than what makes a client begin again. */
const BACKLOG = 4_500
const BACKLOG_LENGTH = 2_000
const POSTS_AT_ONCE = 50
const CALM_MS = 1_000
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
      const { content, at } = await post(url, makeMessage(number))
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
  onCopy(options.fixture, 'gitmsg', async (folder) => {
    const after = slowReaders > 0 ? await addBacklog(folder, options.start) : ''
    const server = await options.start(folder)
    const posts = Math.round(seconds * POSTS_PER_SECOND)
    const clients = forkProgram('live-clients', server.url, String(sockets), String(posts))
    const slow = forkProgram('slow-readers', server.url, String(slowReaders), after)
    try {
      await Promise.all([clients.receive(), slow.receive()])
      if (slowReaders > 0) await untilCalm(server.url)
      const processorMs = server.processorMs()
      clients.send(await postSteadily(server.url, posts))
      const deliveries = await clients.receive<Deliveries>()
      const usedMs = server.processorMs() - processorMs
      slow.send('report')
      if ((await slow.receive<number>()) >= BACKLOG) throw new Error('A slow reader has read everything')
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
      await slow.stop()
      await server.stop()
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
    requests.push(post(url, makeMessage(number)).then(({ id, at }) => [id, at]))
  }
  return Promise.all(requests)
}

async function post(url: string, message: { content: string; sender: string }) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}messages`, { method: 'POST', headers, body: JSON.stringify(message) })
  const at = sharedNow()
  if (response.status !== 201) throw new Error(`A post failed with ${response.status}`)
  const { message_id } = (await response.json()) as { message_id: number }
  return { id: message_id, content: message.content, at }
}

/** Stores and synchronizes messages with a server of its own; resolves with the place before them. */
async function addBacklog(folder: string, start: LiveOptions['start']): Promise<string> {
  const server = await start(folder)
  const { url } = server
  const { headers } = await fetch(`${url}messages?limit=1`)
  const message = { content: 'x'.repeat(BACKLOG_LENGTH), sender: 'alice' }
  for (let posted = 0; posted < BACKLOG; posted += POSTS_AT_ONCE) {
    await Promise.all(Array.from({ length: POSTS_AT_ONCE }, () => post(url, message)))
  }
  await fetch(`${url}sync`, { method: 'POST' })
  await server.stop()
  return headers.get('gitmsg-position') ?? ''
}

/** Waits until the slow readers are sent nothing more. */
async function untilCalm(url: string): Promise<void> {
  const countFrames = async () =>
    /^gitmsg_live_frames_total\{type="messages"\} (\d+)$/m.exec(
      await (await fetch(`${url}metrics`)).text(),
    )?.[1]
  for (let before: string | undefined; ; ) {
    const frames = await countFrames()
    if (frames !== undefined && frames === before) return
    before = frames
    await pause(CALM_MS)
  }
}
