import { expect } from 'vitest'
import { type Answer, openTestServer } from './open-test-server.js'

export const PLAIN_JSON = 'application/json'

/** The JSON of a message with other or more fields. */
export const fields = (fields: object): string => JSON.stringify({ content: 'a', sender: 'b', ...fields })

/** A server to which bodies are posted as they are. */
export async function openPoster() {
  const server = await openTestServer()
  const newestId = async () => (await server.engine.list({ limit: 1 }))[0]?.id ?? 0
  return {
    server,
    send: (body: string | Uint8Array, headers: Record<string, string> = { 'content-type': PLAIN_JSON }) =>
      server.call('/messages', { method: 'POST', body, headers }),

    /** Refused with this answer, and nothing of it stored. */
    async expectRefusal(answering: Promise<Answer>, status: number, code: string): Promise<void> {
      const before = await newestId()
      const answer = await answering
      expect([answer.status, answer.json?.error.code]).toEqual([status, code])
      expect(await newestId()).toBe(before)
    },

    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
