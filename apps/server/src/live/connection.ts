import { AccountsError } from '@gitmsg/accounts'
import { type Position, StoreError } from '@gitmsg/store'
import type { Logger } from 'pino'
import type { Identity } from '../access/access.js'
import type { ServerFrameType } from '../http/asyncapi/frame-schemas.js'
import { type Ending, LIVE_ENDINGS, LiveError } from '../http/asyncapi/live-errors.js'
import type { Filter } from './batch.js'
import { createFollower, type FeedFollower, type FollowerOptions, type Outlet } from './follower.js'
import { encodeFrame, type Frame } from './frame.js'
import { createListener, type ListenerRules } from './listener.js'
import type { Place } from './places.js'

/** How long a live connection waits for what, in milliseconds. */
export interface LiveTimes {
  /** For the first frame of a client. */
  readonly helloMs: number
  /** Until the next frame and the next ping. */
  readonly heartbeatMs: number
  /** For any sign of life, which pings ask for. */
  readonly silenceMs: number
  /** For a client to read what was sent. */
  readonly slowMs: number
  /** For a client that was too slow to read the close frame. */
  readonly slowCloseMs: number
  /** For any other client to do so. */
  readonly closeMs: number
  /** Between two looks at all of the above. */
  readonly sweepMs: number
  /** To gather changes for one frame. */
  readonly gatherMs: number
  /** Between two looks for changes by other processes. */
  readonly pollMs: number
}

export const LIVE_TIMES: LiveTimes = {
  helloMs: 5_000,
  heartbeatMs: 25_000,
  silenceMs: 60_000,
  slowMs: 30_000,
  slowCloseMs: 20_000,
  closeMs: 2_000,
  sweepMs: 1_000,
  gatherMs: 50,
  pollMs: 100,
}

/** What carries frames to a client: a WebSocket or an event stream. */
export interface Transport extends Outlet {
  /** Keeps proxies from closing an idle connection, and shows whether the client is still there. */
  ping(): void
  /** Ends it once everything is sent; cuts it if that takes longer. */
  close(code: number, reason: string, lingerMs: number): void
  /** When the client last sent anything, in milliseconds of `performance.now()`. */
  readonly heardAt: number
  /** Cuts the connection. */
  destroy(): void
}

/** What all connections share. */
export interface ConnectionServices extends Pick<FollowerOptions, 'hub' | 'store'>, ListenerRules {
  readonly logger: Logger
  readonly times: LiveTimes
  /** Resolves with the present status of the synchronization. */
  readonly readStatus: () => Promise<Frame>
  /** How long the next client that is sent away should wait. */
  readonly retryAfterMs: () => number
  readonly countFrame: (type: ServerFrameType) => void
}

/** One client. */
export interface Connection {
  /** Starts, or goes on elsewhere. `undefined` leaves as it is. */
  begin(wish: {
    readonly token?: Identity | null
    readonly after?: Position | null | undefined
    readonly filter?: Filter | null | undefined
  }): Promise<void>
  /** Sends the status of the synchronization, if the client has another one and reads what it gets. */
  sendStatus(frame: Frame): void
  /** What is due once a second: heartbeats, and the ends of what takes too long. */
  sweep(now: number): void
  /** Ends it if its token is not valid any more. */
  recheck(): Promise<void>
  end(ending: Ending): void
  /** Ends it because of an error. */
  fail(error: unknown): void
  /** Cuts the connection. */
  cut(): void
  /** To be called once the transport has closed. */
  stop(): void
}

/** What belongs to one connection. */
export interface ConnectionParts {
  readonly transport: Transport
  readonly place: Place
  /** The token of the request; `null`: it had none. */
  readonly token: Identity | null
  /** The id of the request in the log. */
  readonly requestId: string
}

export function createConnection(
  services: ConnectionServices,
  { transport, place, token: first, requestId }: ConnectionParts,
): Connection {
  const { logger, times, readStatus, countFrame } = services
  const startedAt = performance.now()
  const listener = createListener(services, first)
  let filter: Filter | null = null
  /** Since the last sweep, so that frames need not read the clock. */
  let hasSent = false
  let sentAt = startedAt
  let pingedAt = startedAt
  let status: Frame | null = null
  let hasBegun = false
  let isEnded = false
  const follower: FeedFollower = createFollower({
    ...services,
    outlet: {
      send(frame, onSent) {
        hasSent = true
        countFrame(frame.type)
        transport.send(frame, onSent)
      },
      get unsentBytes() {
        return transport.unsentBytes
      },
    },
    onFailure: fail,
  })

  return {
    begin,
    sendStatus,
    sweep,
    recheck,
    end,
    fail,
    cut: () => transport.destroy(),
    stop() {
      isEnded = true
      follower.stop()
      place.release()
    },
  }

  async function begin(wish: Parameters<Connection['begin']>[0]): Promise<void> {
    hasBegun = true
    if (wish.token !== undefined) listener.use(wish.token)
    const { token } = listener
    const denial = listener.findDenial()
    if (denial) throw new LiveError(denial)
    if (token && !place.moveTo(token.key)) throw new LiveError('overloaded')
    if (wish.filter !== undefined) filter = wish.filter
    if (follower.place && wish.after === undefined) {
      follower.narrow(filter)
      return welcome(follower.place)
    }
    await follower.start({ after: wish.after ?? null, filter }, welcome)
    // It may take until the synchronizer has started. The next sweep reports a failure.
    readStatus().then(sendStatus, () => {})
  }

  function welcome({ epoch, position }: Position): void {
    follower.send(
      encodeFrame({
        type: 'welcome',
        epoch,
        position,
        heartbeat_seconds: Math.ceil(times.heartbeatMs / 1_000),
        sender: listener.token?.sender ?? null,
        scopes: [...listener.scopes],
      }),
    )
  }

  function sendStatus(frame: Frame): void {
    if (isEnded || !follower.place || frame === status || follower.behindSince !== null) return
    if (!listener.seesStatus) return
    status = frame
    follower.send(frame)
  }

  function sweep(now: number): void {
    if (isEnded) return
    follower.measure()
    const ending = findEnding(now)
    if (ending) end(ending)
    else if (now - transport.heardAt >= times.silenceMs) transport.destroy()
    else sendHeartbeat(now)
  }

  function findEnding(now: number): Ending | null {
    const { behindSince } = follower
    if (!hasBegun && now - startedAt >= times.helloMs) return 'hello_timeout'
    if (behindSince !== null && now - behindSince >= times.slowMs) return 'too_slow'
    return null
  }

  async function recheck(): Promise<void> {
    if (isEnded || !listener.token) return
    try {
      await listener.renew()
    } catch (error) {
      return fail(error)
    }
    const denial = listener.findDenial()
    if (denial) end(denial)
  }

  function sendHeartbeat(now: number): void {
    if (hasSent) sentAt = now
    hasSent = false
    if (now - pingedAt >= times.heartbeatMs) {
      pingedAt = now
      transport.ping()
    }
    if (follower.place && follower.behindSince === null && now - sentAt >= times.heartbeatMs) {
      follower.send(encodeFrame({ type: 'beat', position: follower.place.position }))
    }
  }

  function fail(error: unknown): void {
    if (error instanceof LiveError) end(error.code)
    // The client is to come back later, when the database may be there.
    else if (isDatabaseAway(error)) end('overloaded')
    else if (!isEnded) {
      logger.error({ err: error, request_id: requestId }, 'live connection failed')
      end('internal')
    }
  }

  function end(ending: Ending): void {
    if (isEnded) return
    isEnded = true
    const { close, message } = LIVE_ENDINGS[ending]
    follower.send(
      ending === 'shutting_down' || ending === 'overloaded'
        ? encodeFrame({ type: 'bye', retry_after_ms: services.retryAfterMs() })
        : encodeFrame({ type: 'error', error: { code: ending, message, request_id: requestId } }),
    )
    follower.stop()
    transport.close(close, ending, ending === 'too_slow' ? times.slowCloseMs : times.closeMs)
  }
}

const isDatabaseAway = (error: unknown): boolean =>
  (error instanceof StoreError || error instanceof AccountsError) && error.code === 'unavailable'
