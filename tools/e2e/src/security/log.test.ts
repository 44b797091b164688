import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

// Covers V14.2.4, V16.2.3, V16.2.4, V16.2.5
it('logs contain neither message texts nor secrets', async () => {
  await using workspace = await openWorkspace()
  const settings = {
    GITMSG_TOKENS_FILE: `${workspace.path}/tokens.json`,
    GITMSG_REMOTE: 'http://127.0.0.1:1/messages.git',
    GITMSG_REMOTE_TOKEN: 'canary/remote+token',
    GITHUB_TOKEN: 'canary-github-token',
  }
  const create = gitmsg(workspace.path, ['token', 'create', '--scope', 'read,write,admin'], settings)
  const token = create.stdout.trim()
  const server = await workspace.start({ ...settings, LOG_LEVEL: 'trace' })
  const { call } = createClient(server.url)

  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
  const bodies = [
    '{"content":"canary-text","sender":"canary-sender"}',
    '{"content":"canary-text","sender":5}',
    '{"content":"canary-text\\ud800","sender":"canary-sender"}',
    '{"content":"canary-text","sender":"canary-sender","canary-field":1}',
    '{"content":"canary-text',
    `{"content":"${'canary-text '.repeat(10_000)}","sender":"a"}`,
  ]
  for (const body of bodies) await call('/messages', { method: 'POST', headers, body })
  await call('/messages?sender=canary-sender', { headers })
  await call('/messages?canary-parameter=1', { headers })
  await call(`/messages?access_token=${token}`)
  await call(`/messages/${token}`, { headers })
  await call('/messages', { headers: { Authorization: 'Bearer canary-wrong-token' } })
  const status = await until(async () => {
    const response = await call('/sync', { method: 'POST', headers })
    const body = (await response.json()) as { last_error: unknown }
    return body.last_error ? JSON.stringify(body) : undefined
  })
  await server.stop()

  const lines = server.output().trim().split('\n')
  expect(lines.length).toBeGreaterThan(bodies.length + 5)
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('time')
  expect(server.output()).toMatch(/"path":"\/messages\/\[redacted\]"/)
  const basic = Buffer.from(`x-access-token:${settings.GITMSG_REMOTE_TOKEN}`).toString('base64')
  for (const secret of ['canary', encodeURIComponent('canary/remote+token'), basic, token]) {
    expect(server.output()).not.toContain(secret)
    expect(status).not.toContain(secret)
  }
})
