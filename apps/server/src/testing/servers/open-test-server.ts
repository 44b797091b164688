import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Accounts } from '@gitmsg/accounts'
import { createEngine, type EngineOptions } from '@gitmsg/core'
import { createMemoryBackend, type GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { openTemporaryStore, type TemporaryStore } from '@gitmsg/store/testing'
import { type Logger, pino } from 'pino'
import { createAccess } from '../../access/access.js'
import type { Tokens } from '../../access/open-tokens.js'
import type { AccessConfig, AccountsConfig } from '../../config/server-config.js'
import { createApp } from '../../http/create-app.js'
import type { AssertCapacity } from '../../http/middleware/guards/capacity-guard.js'
import { createApprovals } from '../../http/posting/approvals.js'
import { type ListenOptions, listen } from '../../http/server/http-server.js'
import type { LiveTimes } from '../../live/connection.js'
import { createLive } from '../../live/create-live.js'
import { createMetrics } from '../../metrics/create-metrics.js'

export interface TestResponse {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
  readonly json: any
}

/** What a test can change about a server on loopback without tokens. */
export interface TestServerOptions extends Partial<Omit<AccessConfig, 'tokensFile'>> {
  readonly tokens?: Tokens
  /** Default: no accounts. They are closed with the server. */
  readonly accounts?: Accounts
  /** The clock of limits. Default: `performance.now`. */
  readonly monotonic?: () => number
  /** How accounts are set, where that differs from the defaults. */
  readonly accountsConfig?: Partial<AccountsConfig>
  readonly logger?: Logger
  /** Default: there is always capacity. */
  readonly assertCapacity?: AssertCapacity
  readonly limits?: ListenOptions['limits']
  /** True to leave every message pending, as if another process held the sync lock. Default: false. */
  readonly isStandby?: boolean
  /** Overrides how long the live channel waits. */
  readonly liveTimes?: Partial<LiveTimes>
  /** How the store hints at changes. Default: not at all. */
  readonly onChange?: Store['onChange']
  readonly formatVersion?: EngineOptions['formatVersion']
  /** Default: an empty one. */
  readonly backend?: GitBackend
  /** Default: an empty one. It is closed with the server. */
  readonly store?: Omit<TemporaryStore, 'path'>
}

/** The fields of a plain message, in their order. */
export const NINE_FIELDS = [
  ...[
    'id',
    'uid',
    'content',
    'sender',
    'timestamp',
    'git_hash',
    'is_synchronized',
    'created_at',
    'updated_at',
  ],
]

/** The settings of accounts where nothing is set. */
const DEFAULT_ACCOUNTS: AccountsConfig = {
  ...{ isPublic: false, isOpen: false, hold: 'none', slowMode: new Map(), dailyPosts: 0 },
  ...{ publicUrl: null, oidc: null },
}

/** Starts the service on a free port, with a real database, the memory backend and a web page. */
export async function openTestServer(options: TestServerOptions = {}) {
  const {
    tokens = null,
    accounts = null,
    accountsConfig = {},
    monotonic = () => performance.now(),
    logger = pino({ level: 'silent' }),
    assertCapacity = async () => {},
    limits = {},
    isStandby = false,
    formatVersion,
    backend = createMemoryBackend(),
    liveSockets = 512,
    liveTimes = {},
    store: given,
    onChange,
    ...settings
  } = options
  const webRoot = await mkdtemp(join(tmpdir(), 'gitmsg-web-'))
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>gitmsg</title>')
  const store = { ...(given ?? (await openTemporaryStore())), ...(onChange && { onChange }) }
  if (isStandby) await store.acquireSyncLock() // closing the store releases it
  const metrics = createMetrics()
  const engine = createEngine({
    store,
    backend,
    formatVersion,
    onEvent: metrics.countSyncEvent,
  })
  const access = createAccess({ tokens, accounts })
  const live =
    liveSockets > 0
      ? createLive({
          ...{ engine, store, access, logger, sockets: liveSockets, times: liveTimes, ...metrics },
          isPublic: accountsConfig.isPublic ?? false,
        })
      : null
  metrics.watch({
    engine,
    store,
    countSockets: () => live?.connections ?? 0,
    clock: () => Date.now(),
  })
  const health = { draining: false }
  const app = createApp({
    engine,
    store,
    metrics,
    logger,
    access,
    accounts: accounts && {
      accounts,
      config: { ...DEFAULT_ACCOUNTS, ...accountsConfig },
      approvals: createApprovals({ engine, accounts, logger }),
    },
    live,
    settings: {
      ...{ allowedHosts: [], allowedOrigins: [], trustedProxies: [], denied: [], rateLimit: null },
      ...settings,
    },
    monotonic,
    webRoot,
    isDraining: () => health.draining,
    assertCapacity,
  })
  const { countRejected: onRejected } = metrics
  const server = await listen(app, { host: '127.0.0.1', port: 0, onRejected, limits, liveSockets })
  return {
    app,
    engine,
    store,
    health,
    live,
    metrics,
    webRoot,
    url: server.url,
    request: (path: string, options?: RequestOptions) => sendRequest(server.url, path, options),
    post: (body: unknown, headers?: Record<string, string>) =>
      sendRequest(server.url, '/messages', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    /** Sends a request with a JSON body. */
    send: (method: string, path: string, body: unknown, headers?: Record<string, string>) =>
      sendRequest(server.url, path, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    drain: server.drain,
    async [Symbol.asyncDispose]() {
      await live?.close()
      await server.drain(1_000)
      await engine.close()
      await accounts?.close()
      await store.close()
      await rm(webRoot, { recursive: true })
    },
  }
}

export interface RequestOptions {
  readonly method?: string
  readonly body?: string | Uint8Array
  readonly headers?: Record<string, string | string[]>
  /** Default: a connection of its own. */
  readonly agent?: Agent
}

/** Sends a request exactly as given, including headers that fetch would reject. */
function sendRequest(
  url: string,
  path: string,
  { method = 'GET', body, headers = {}, agent }: RequestOptions = {},
): Promise<TestResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(url), { method, path, headers, agent: agent ?? false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const isJson = /json/.test(incoming.headers['content-type'] ?? '')
        const { statusCode: status = 0, headers } = incoming
        resolve({ status, headers, text, json: isJson && text ? JSON.parse(text) : undefined })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
