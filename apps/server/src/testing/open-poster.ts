import { expect } from 'vitest'
import { openTestServer, type TestResponse } from './servers/open-test-server.js'

export const PLAIN_JSON = 'application/json'

/** The JSON of a valid message with these fields replaced or added. */
export const fields = (fields: object): string => JSON.stringify({ content: 'a', sender: 'b', ...fields })

/** A server to which bodies are posted verbatim. */
export async function openPoster() {
  const server = await openTestServer()
  const newestId = async () => (await server.engine.list({ limit: 1 }))[0]?.id ?? 0
  return {
    server,
    send: (body: string | Uint8Array, headers: Record<string, string> = { 'content-type': PLAIN_JSON }) =>
      server.request('/messages', { method: 'POST', body, headers }),

    /** Expects this error, and that nothing was stored. */
    async expectError(sending: Promise<TestResponse>, status: number, code: string): Promise<void> {
      const before = await newestId()
      const response = await sending
      expect([response.status, response.json?.error.code]).toEqual([status, code])
      expect(await newestId()).toBe(before)
    },

    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
