import { query } from '@gitmsg/test-postgres'
import { describe, expect, it, vi } from 'vitest'
import { openPostgresServer, POSTGRES } from '../../testing/open-postgres.js'

const message = { content: 'hello', sender: 'alice' }

describe.skipIf(POSTGRES === null)('a server whose PostgreSQL', () => {
  // Covers IN-57
  it('cannot be reached is alive, not ready, and goes on by itself', async () => {
    await using server = await openPostgresServer()
    await server.post(message)
    server.proxy.disconnect()
    expect((await server.request('/healthz')).status).toBe(200)
    for (const path of ['/readyz', '/messages', '/messages/1', '/changes', '/sync']) {
      const { status, json, headers } = await server.request(path)
      expect([path, status, json.error.code, headers['retry-after']]).toEqual([
        ...[path, 503, 'storage_unavailable', '5'],
      ])
    }
    const synchronizing = server.request('/sync', { method: 'POST' })
    for (const { status, json } of await Promise.all([server.post(message), synchronizing])) {
      expect([status, json.error.code]).toEqual([503, 'storage_unavailable'])
    }
    const { text } = await server.request('/live', { headers: { accept: 'text/event-stream' } })
    expect(text).toMatch(/^event: bye\ndata: .*"retry_after_ms":/m)
    server.proxy.reconnect()
    expect((await server.post(message)).status).toBe(201)
    await vi.waitFor(async () => expect((await server.request('/readyz')).status).toBe(200))
  })

  // Covers IN-57
  it('became a standby is not ready, but lists messages', async () => {
    await using server = await openPostgresServer()
    await server.post(message)
    const name = new URL(server.databaseUrl).pathname.slice(1)
    await query(server.databaseUrl, `alter database ${name} set default_transaction_read_only = on`)
    await query(
      server.databaseUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
    )
    for (const response of [await server.request('/readyz'), await server.post(message)]) {
      expect([response.status, response.json.error.code]).toEqual([503, 'storage_unwritable'])
    }
    expect((await server.request('/messages')).json).toHaveLength(1)
  })
})
