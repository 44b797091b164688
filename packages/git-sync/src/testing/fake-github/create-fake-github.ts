import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeRepository } from './fake-repository.js'
import { BAD_GATEWAY, type FakeResponse } from './fake-response.js'
import { defaultSettings, type FakeFault, type FakeSettings } from './fake-settings.js'
import { type Handled, handleRequest, type LoggedRequest } from './handle-request.js'

const REQUESTS_PER_HOUR = 5000

/** Options of {@link createFakeGithub}. */
export interface FakeGithubOptions extends Partial<FakeSettings> {
  /** `owner/name`. Default: `owner/name`. */
  readonly repository?: string
  /** Default: `main`. */
  readonly defaultBranch?: string
}

/** A GitHub with one repository, on this machine. */
export interface FakeGithub {
  /** The `baseUrl` of a backend. */
  readonly url: string
  /** `owner/name`. */
  readonly repository: string
  /** The bare repository behind it, to read or change with plain git. */
  readonly directory: string
  /** How it behaves; may be changed at any time. */
  readonly settings: FakeSettings
  /** Every request so far. */
  readonly requests: readonly LoggedRequest[]
  /** How many faults of each kind have happened. */
  readonly faults: Readonly<Partial<Record<FakeFault, number>>>
  /** Stops it and removes the repository. */
  close(): Promise<void>
  /** The same as {@link FakeGithub.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A stand-in for GitHub's REST API, for tests: an empty repository of real Git objects in a temporary folder, with
 * GitHub's status codes, messages, limits and delays, and with faults on demand. Needs `git`. It has the endpoints that
 * the GitHub backend uses, and responds to everything else with 404.
 *
 * @example
 * await using github = await createFakeGithub()
 * const backend = createGithubBackend({ repository: 'owner/name', baseUrl: github.url, token: github.settings.token })
 * github.settings.fault = ({ method }) => (method === 'PATCH' ? 'after-lost' : undefined)
 */
export async function createFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  const { repository: name = 'owner/name', defaultBranch = 'main', ...given } = options
  const settings: FakeSettings = { ...defaultSettings(), ...given }
  const folder = await mkdtemp(join(tmpdir(), 'fake-github-'))
  const repository = await createFakeRepository(folder, defaultBranch)
  const requests: LoggedRequest[] = []
  const faults: Partial<Record<FakeFault, number>> = {}
  let turn: Promise<unknown> = Promise.resolve()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    // Requests reach the repository one after the other.
    const handling = turn.then(() =>
      handleRequest({ request, body, url, name, repository, settings, faults }),
    )
    turn = handling.catch(() => {})
    const handled = await handling
    requests.push(handled.logged)
    sendHandled(handled, settings, response)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function close(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    await turn
    repository.objects.close()
    await rm(folder, { recursive: true, force: true })
  }

  return {
    url,
    repository: name,
    directory: folder,
    settings,
    requests,
    faults,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Sends the response, or what the fault makes of it. */
function sendHandled(
  { response, logged }: Handled,
  settings: FakeSettings,
  connection: ServerResponse,
): void {
  switch (logged.fault) {
    case 'before-lost':
    case 'after-lost':
      connection.destroy()
      return
    case 'hang':
      return
    case 'after-502':
      send(BAD_GATEWAY, settings, connection)
      return
    case 'cut':
      sendHalf(response, connection)
      return
    default:
      send(response, settings, connection)
  }
}

function send(
  { status, body, headers }: FakeResponse,
  { remaining }: FakeSettings,
  connection: ServerResponse,
): void {
  connection.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-ratelimit-limit': String(REQUESTS_PER_HOUR),
    'x-ratelimit-remaining': String(Math.max(0, remaining)),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    ...headers,
  })
  connection.end(JSON.stringify(body))
}

/** Announces the whole response and sends half of it. */
function sendHalf({ status, body }: FakeResponse, connection: ServerResponse): void {
  const text = JSON.stringify(body)
  connection.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  connection.write(text.slice(0, text.length / 2), () => connection.destroy())
}
