import { chmodSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { openWorkspace } from '../testing/workspace.js'

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

describe('a server that listens on all interfaces', () => {
  // Covers IN-73
  it('does not start without a tokens file or with one that other users can read', async () => {
    await using workspace = await openWorkspace()
    const settings = { HOST: '0.0.0.0', GITMSG_TOKENS_FILE: join(workspace.path, 'tokens.json') }
    const withoutSetting = gitmsg(workspace.path, [], { HOST: '0.0.0.0' })
    expect([withoutSetting.status, withoutSetting.stderr]).toEqual([
      78,
      expect.stringContaining('HOST must be'),
    ])
    expect(gitmsg(workspace.path, [], settings).status).toBe(78)

    gitmsg(workspace.path, ['token', 'create', '--scope', 'read'], settings)
    chmodSync(settings.GITMSG_TOKENS_FILE, 0o644)
    const open = gitmsg(workspace.path, [], settings)
    expect([open.status, open.stderr]).toEqual([78, expect.stringContaining('chmod 600')])
  })

  it('accepts requests with a token until the token is revoked', async () => {
    await using workspace = await openWorkspace()
    const settings = { HOST: '0.0.0.0', GITMSG_TOKENS_FILE: join(workspace.path, 'data/tokens.json') }
    const create = ['token', 'create', '--scope', 'read,write', '--sender', 'alice', '--name', 'laptop']
    const { stdout, status } = gitmsg(workspace.path, create, settings)
    const token = stdout.trim()
    expect([status, token]).toEqual([0, expect.stringMatching(/^gitmsg_[\w-]{43}$/)])
    expect(statSync(settings.GITMSG_TOKENS_FILE).mode & 0o777).toBe(0o600)
    expect(readFileSync(settings.GITMSG_TOKENS_FILE, 'utf8')).not.toContain(token)
    expect(gitmsg(workspace.path, ['token', 'list'], settings).stdout).toMatch(
      /^laptop +read,write +\S+ alice\n$/,
    )

    const { url } = await workspace.start(settings)
    const client = createClient(url.replace('0.0.0.0', '127.0.0.1'))
    expect(await client.post('hello', 'alice', bearer(token).headers)).toBe(1)
    await expect(client.post('hello', 'bob', bearer(token).headers)).rejects.toThrow('sender_not_allowed')
    await expect(client.post('hello', 'alice')).rejects.toThrow('missing_token')
    const response = await client.call('/messages', bearer(token))
    expect([response.status, response.headers.get('ratelimit-policy')]).toEqual([200, '"default";q=60;w=1'])
    expect((await client.call('/healthz')).status).toBe(200)

    expect(gitmsg(workspace.path, ['token', 'revoke', 'laptop'], settings).status).toBe(0)
    expect((await client.call('/messages', bearer(token))).status).toBe(401)
    expect(gitmsg(workspace.path, ['token', 'revoke', 'laptop'], settings).status).toBe(1)
  })
})

it.each([
  [['--scope', 'root']],
  [['--scope', 'read', '--name', 'a b']],
  [['--scope', 'write', '--sender', 'a\nb']],
])('gitmsg token create makes no token of invalid options: %j', async (options) => {
  await using workspace = await openWorkspace()
  const settings = { GITMSG_TOKENS_FILE: join(workspace.path, 'tokens.json') }
  expect(gitmsg(workspace.path, ['token', 'create', ...options], settings).status).toBe(78)
  expect(gitmsg(workspace.path, ['token', 'list'], settings).status).toBe(1)
})
