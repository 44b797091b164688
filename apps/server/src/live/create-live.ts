import type { Engine } from '@gitmsg/core'
import type { Store } from '@gitmsg/store'
import type { Context } from 'koa'
import type { Logger } from 'pino'
import type { ServerFrameType } from '../http/asyncapi/frame-schemas.js'
import type { LiveChannel } from '../http/create-app.js'
import { createBatchReader } from './batch.js'
import {
  type Connection,
  type ConnectionServices,
  createConnection,
  LIVE_TIMES,
  type LiveTimes,
  type Transport,
} from './connection.js'
import { type EventStreamRequest, openEventStream } from './event-stream.js'
import { encodeText, type Frame } from './frame.js'
import { createHub } from './hub.js'
import type { ListenerRules } from './listener.js'
import { addLiveRoutes } from './live-routes.js'
import { createPlaces, type Place } from './places.js'
import { createWebSocketAcceptor } from './web-socket.js'

/** Everything that changes, sent to every client as it happens. */
export interface Live extends LiveChannel {
  /** Turns an upgrade request that has passed all guards into a WebSocket. `client` is who it counts for. */
  acceptWebSocket(context: Context, client: string): void
  /** Responds with an event stream. */
  acceptEventStream(context: Context, request: EventStreamRequest, client: string): void
  /** How many clients are connected. */
  readonly connections: number
  /** Sends all clients away, and resolves when their connections are closed. */
  close(): Promise<void>
}

/** Functions to call when something happens. */
interface LiveCounters {
  readonly countFrame: (type: ServerFrameType) => void
  readonly countClose: (code: number) => void
  readonly observeLag: (milliseconds: number) => void
}

export interface LiveOptions extends LiveCounters, ListenerRules {
  readonly engine: Pick<Engine, 'changes' | 'status'>
  readonly store: Pick<
    Store,
    'position' | 'revision' | 'onChange' | 'countChangedSince' | 'findEarlierTopics'
  >
  readonly logger: Logger
  /** The most connections. */
  readonly sockets: number
  /** The most connections of one client. Default: 32. */
  readonly socketsPerClient?: number
  readonly times?: Partial<LiveTimes>
  /** Default: `Math.random`. */
  readonly random?: () => number
}

/** Clients that are sent away come back over a time in which the server can take them: 100 a second. */
const SPREAD_MS_PER_CLIENT = 10
const MIN_RETRY_MS = 1_000
const MAX_SPREAD_MS = 60_000

export function createLive(options: LiveOptions): Live {
  const { engine, store, access, isPublic, logger, sockets, countFrame, countClose, observeLag } = options
  const { random = Math.random } = options
  const times: LiveTimes = { ...LIVE_TIMES, ...options.times }
  const places = createPlaces(sockets, options.socketsPerClient)
  const connections = new Set<Connection>()
  const acceptUpgrade = createWebSocketAcceptor()
  const readBatches = createBatchReader(engine, store)
  const { gatherMs, pollMs } = times
  const hub = createHub({ store, readBatches, logger, gatherMs, pollMs, onLag: observeLag })
  const stopListening = store.onChange?.(hub.wake)
  const readStatus = createStatusReader(engine, times.sweepMs)
  const services: ConnectionServices = {
    hub,
    store,
    access,
    isPublic,
    logger,
    times,
    readStatus,
    retryAfterMs,
    countFrame,
  }
  const sweeping = setInterval(sweep, times.sweepMs)
  sweeping.unref()
  let onEmpty: (() => void) | null = null

  const live: Live = {
    addRoutes: (router, guards) => addLiveRoutes(router, { live, ...guards }),
    acceptWebSocket(context, client) {
      const place = places.take(client)
      try {
        acceptUpgrade(context, { access, connect: connectAt(context, place), onClose })
      } catch (error) {
        place.release()
        throw error
      }
    },
    acceptEventStream(context, request, client) {
      const place = places.take(client)
      if (context.method === 'HEAD') return respondToHead(context, place)
      const connection = openEventStream(context, { connect: connectAt(context, place), onClose })
      connection.begin(request).catch(connection.fail)
    },
    wake: hub.wake,
    recheck,
    get connections() {
      return connections.size
    },
    close,
  }
  return live

  function connectAt({ state }: Context, place: Place): (transport: Transport) => Connection {
    return function connect(transport) {
      const { token, requestId } = state
      const connection = createConnection(services, { transport, place, token, requestId })
      connections.add(connection)
      return connection
    }
  }

  function onClose(connection: Connection, code: number): void {
    connection.stop()
    connections.delete(connection)
    countClose(code)
    if (connections.size === 0) onEmpty?.()
  }

  function retryAfterMs(): number {
    const spread = Math.min(MAX_SPREAD_MS, connections.size * SPREAD_MS_PER_CLIENT)
    return Math.round(MIN_RETRY_MS + random() * spread)
  }

  function sweep(): void {
    const now = performance.now()
    for (const connection of connections) connection.sweep(now)
    recheck()
    if (connections.size > 0) readStatus().then(sendStatus, logStatusError)
  }

  function recheck(): void {
    for (const connection of connections) void connection.recheck()
  }

  function sendStatus(frame: Frame): void {
    for (const connection of connections) connection.sendStatus(frame)
  }

  function logStatusError(error: unknown): void {
    logger.error({ err: error }, 'cannot read the status for live clients')
  }

  async function close(): Promise<void> {
    clearInterval(sweeping)
    stopListening?.()
    const emptied = new Promise<void>((resolve) => {
      onEmpty = resolve
    })
    for (const connection of connections) connection.end('shutting_down')
    const timer = setTimeout(cutAll, times.closeMs)
    if (connections.size > 0) await emptied
    clearTimeout(timer)
    await hub.close()
  }

  function cutAll(): void {
    for (const connection of connections) connection.cut()
  }
}

/** The headers of an event stream, which has no end. */
function respondToHead(context: Context, place: Place): void {
  place.release()
  context.type = 'text/event-stream'
  context.status = 200
}

/** Reads the status at most once in a time. Equal ones are the same frame. */
function createStatusReader(engine: Pick<Engine, 'status'>, intervalMs: number): () => Promise<Frame> {
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Frame> | null = null
  let text = ''
  let frame: Frame | null = null

  async function read(): Promise<Frame> {
    const next = JSON.stringify({ type: 'sync', status: await engine.status() })
    if (next === text && frame) return frame
    text = next
    frame = encodeText('sync', text)
    return frame
  }

  return function readStatus() {
    if (reading && performance.now() - readAt < intervalMs * 0.9) return reading
    readAt = performance.now()
    reading = read()
    reading.catch(() => {
      reading = null
    })
    return reading
  }
}
