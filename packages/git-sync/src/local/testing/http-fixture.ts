import type { GitBackend } from '../../git-backend.js'
import { type GitHttpServer, startGitHttpServer } from './git-http-server.js'
import type { LocalFixture } from './local-fixture.js'

/** A token with characters that change when they are encoded. */
export const TOKEN = 'secret/token+1234567890'
/** {@link TOKEN} as it is sent. */
export const BASIC_CREDENTIAL = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

/** The fixture's remote over http, and backends that use it. */
export interface HttpFixture {
  readonly server: GitHttpServer
  open(token?: string): GitBackend
  /** Everything that the backends logged. */
  readonly logged: readonly string[]
}

/** Serves the fixture's remote; `errorStatus` may reject a request by its Authorization header. */
export async function createHttpFixture(
  fixture: LocalFixture,
  errorStatus: (authorization: string | undefined) => number | undefined,
): Promise<HttpFixture> {
  const server = await startGitHttpServer(fixture.remote, ({ headers }) => errorStatus(headers.authorization))
  const logged: string[] = []
  const log = (details: object, message: string) => void logged.push(JSON.stringify(details), message)
  const logger = { debug: log, info: log, warn: log, error: log }
  const open = (token?: string) => fixture.open('copy.git', { remote: server.url, token, logger })
  return { server, open, logged }
}
