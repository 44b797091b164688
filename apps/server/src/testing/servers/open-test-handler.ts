import { createEngine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { openTemporaryStore } from '@gitmsg/store/testing'
import type { HandlerOptions } from '../../../handler.js'
import { createHandler } from '../../handler/create-handler.js'
import type { RequestOptions, TestResponse, TestServerOptions } from './open-test-server.js'

export { NINE_FIELDS } from './open-test-server.js'

/** Where the application is that the handler is embedded in. */
export const APPLICATION = 'https://app.example.org'

type Options = Pick<TestServerOptions, 'backend' | 'store' | 'isStandby' | 'formatVersion'> & HandlerOptions

/** Creates a handler on a real database and the memory backend, with the members of a test server that send requests. */
export async function openTestServer(options: Options = {}) {
  const { backend = createMemoryBackend(), isStandby = false, formatVersion, ...handling } = options
  const store = options.store ?? (await openTemporaryStore())
  if (isStandby) await store.acquireSyncLock() // closing the store releases it
  const engine = createEngine({ store, backend, formatVersion })
  const handler = createHandler({ ...engine, store }, handling)

  async function request(path: string, { method = 'GET', body, headers = {} }: RequestOptions = {}) {
    const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
    const init = { method, headers: entries, ...(body !== undefined && { body: body as string }) }
    return readResponse(await handler(new Request(`${APPLICATION}${path}`, init)))
  }
  const send = (method: string, path: string, body: unknown, headers?: Record<string, string>) =>
    request(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })

  return {
    engine,
    store,
    handler,
    request,
    send,
    post: (body: unknown, headers?: Record<string, string>) => send('POST', '/messages', body, headers),
    async [Symbol.asyncDispose]() {
      await handler.close()
      await engine.close()
      await store.close()
    },
  }
}

async function readResponse(response: Response): Promise<TestResponse> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    json: isJson && text ? JSON.parse(text) : undefined,
  }
}
