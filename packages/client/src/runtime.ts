import { ClientError } from './client-error.js'

/** A clock and timers, replaceable for tests. */
export interface Timers {
  /** The time in milliseconds. */
  now(): number
  /** Calls back once, after a delay in milliseconds. */
  setTimeout(callback: () => void, delayMs: number): unknown
  /** Cancels what `setTimeout` returned. */
  clearTimeout(handle: unknown): void
}

/** The part of a WebSocket that is used here: those of browsers, of Node.js 22 and of `ws` have it. */
export interface WebSocketLike {
  /** Called once frames can be sent. */
  onopen: ((event: never) => unknown) | null
  /** Called with each frame. */
  onmessage: ((event: never) => unknown) | null
  /** Called once the connection has ended. */
  onclose: ((event: never) => unknown) | null
  /** Called before `onclose` when it failed. */
  onerror: ((event: never) => unknown) | null
  /** Sends a text frame. */
  send(data: string): void
  /** Closes the connection. */
  close(code?: number): void
}

/** What constructs a {@link WebSocketLike}. */
export type WebSocketConstructor = new (url: string, protocols?: string) => WebSocketLike

/** The options of `createClient`. */
export interface ClientOptions {
  /** Where the server is, with the path below which a proxy serves it: `https://example.org/chat`. */
  readonly url: string | URL
  /** An access token, created by `gitmsg token create`. */
  readonly token?: string | undefined
  /** How long a call may take, its repetitions included. Default: 15,000. */
  readonly timeoutMs?: number | undefined
  /** Sends the requests. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Connects to the live feed. Default: the global one; Node.js before 22 has none, so pass that of `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined
  /** Default: those of the runtime. */
  readonly timers?: Timers | undefined
  /** A random number from 0 up to 1, for delays. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
  /** A new idempotency key. Default: a random UUID. */
  readonly createKey?: (() => string) | undefined
}

/** The options with their defaults. */
export interface Runtime {
  /** Ends with a slash, so that paths can be resolved against it. */
  readonly base: URL
  readonly token: string | undefined
  readonly timeoutMs: number
  readonly fetch: typeof globalThis.fetch
  readonly WebSocket: WebSocketConstructor | undefined
  readonly timers: Timers
  readonly random: () => number
  readonly createKey: () => string
}

const TIMEOUT_MS = 15_000

/** @throws {ClientError} `invalid-argument` */
export function createRuntime(options: ClientOptions): Runtime {
  return {
    base: parseUrl(options.url),
    token: options.token,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: options.WebSocket ?? (globalThis.WebSocket as WebSocketConstructor | undefined),
    timers: options.timers ?? SYSTEM_TIMERS,
    random: options.random ?? Math.random,
    createKey: options.createKey ?? createRandomKey,
  }
}

const SYSTEM_TIMERS: Timers = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => globalThis.setTimeout(callback, delayMs),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as ReturnType<typeof setTimeout>),
}

function parseUrl(url: string | URL): URL {
  if (!URL.canParse(String(url))) throw invalidUrl()
  const base = new URL(url)
  const isHttp = base.protocol === 'http:' || base.protocol === 'https:'
  if (!isHttp || base.username !== '' || base.password !== '') throw invalidUrl()
  base.search = ''
  base.hash = ''
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return base
}

const invalidUrl = () =>
  new ClientError('invalid-argument', 'url must be an http or https URL without credentials', {
    field: 'url',
  })

/** Browsers have `randomUUID` only on pages from https and loopback. */
function createRandomKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
