import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerCall, type LoggedRequest } from './answer-call.js'
import { createFakeRepository } from './fake-repository.js'
import { defaultSettings, type FakeFault, type FakeSettings } from './fake-settings.js'
import { sendAnswer } from './send-answer.js'

/** Options of {@link createFakeGithub}. */
export interface FakeGithubOptions extends Partial<FakeSettings> {
  /** `owner/name`. Default: `owner/name`. */
  readonly repository?: string
  /** Default: `main`. */
  readonly defaultBranch?: string
}

/** A GitHub of one repository, on this machine. */
export interface FakeGithub {
  /** What to give as `baseUrl`. */
  readonly url: string
  /** `owner/name`. */
  readonly repository: string
  /** The bare repository behind it, for plain git: to look into, or to change as somebody else. */
  readonly directory: string
  /** How it behaves; may be changed at any time. */
  readonly settings: FakeSettings
  /** Every request so far. */
  readonly requests: readonly LoggedRequest[]
  /** How many faults of each kind have happened. */
  readonly faults: Readonly<Partial<Record<FakeFault, number>>>
  /** Ends it, and removes the repository. */
  close(): Promise<void>
  /** The same as {@link FakeGithub.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A stand-in for GitHub's REST API, for tests: an empty repository whose objects are real ones, in a bare
 * repository in a temporary folder, with GitHub's status codes, words, limits and delays, and faults where you
 * want them. Needs `git`. It knows what a backend asks, and answers 404 to everything else.
 */
export async function createFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  const { repository: name = 'owner/name', defaultBranch = 'main', ...given } = options
  const settings: FakeSettings = { ...defaultSettings(), ...given }
  const folder = await mkdtemp(join(tmpdir(), 'fake-github-'))
  const repository = await createFakeRepository(folder, defaultBranch)
  const requests: LoggedRequest[] = []
  const faults: Partial<Record<FakeFault, number>> = {}
  let turn: Promise<unknown> = Promise.resolve()

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request)
    // One after the other, as far as the repository is concerned.
    const answering = turn.then(() => answerCall({ request, body, url, name, repository, settings, faults }))
    turn = answering.catch(() => {})
    const answered = await answering
    requests.push(answered.logged)
    sendAnswer(answered, settings, response)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const close = async (): Promise<void> => {
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
