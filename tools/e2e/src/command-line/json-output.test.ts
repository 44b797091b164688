import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { openWorkspace } from '../testing/workspace.js'

/** The values that a command prints with `--json`, one for each line. */
function jsonOf(cwd: string, args: readonly string[], settings: Record<string, string> = {}) {
  const { stdout, status } = gitmsg(cwd, [...args, '--json'], settings)
  return { status, values: stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : [])) }
}

const TIME = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]{12}Z$/)

describe('gitmsg ... --json', () => {
  it('prints the status with the fields of GET /sync, whether synchronized or not', async () => {
    await using workspace = await openWorkspace()
    const remote = join(workspace.path, 'remote.git')
    const server = await workspace.start({ GITMSG_REMOTE: remote })
    const client = createClient(server.url)
    await client.post('hello')
    const fields = Object.keys(await (await client.call('/sync')).json())
    await server.stop()

    const failed = jsonOf(workspace.path, ['sync'], { GITMSG_REMOTE: remote })
    expect(failed).toMatchObject({ status: 1, values: [{ pending: 1, last_error: { code: 'not-found' } }] })
    workspace.makeRemote()
    const done = jsonOf(workspace.path, ['sync'], { GITMSG_REMOTE: remote })
    expect(done).toMatchObject({ status: 0, values: [{ pending: 0, last_error: null }] })
    const status = jsonOf(workspace.path, ['status'], { GITMSG_REMOTE: remote })
    expect(status).toMatchObject({
      status: 0,
      values: [{ backend: 'local', remote, branch: 'main', pending: 0 }],
    })
    for (const { values } of [failed, done, status]) expect(Object.keys(values[0])).toEqual(fields)

    expect(jsonOf(workspace.path, ['quarantine', 'list'])).toEqual({ status: 0, values: [] })
    expect(jsonOf(workspace.path, ['quarantine', 'retry'])).toEqual({ status: 0, values: [{ retried: 0 }] })
    expect(jsonOf(workspace.path, ['verify'], { GITMSG_REMOTE: remote }).values).toEqual([
      {
        type: 'result',
        equal: true,
        differences: expect.any(Object),
        repaired: 0,
        messages: 1,
        pending: 0,
        quarantined: 0,
        commits: 1,
        search_index: 'equal',
        head: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    ])
    const restored = { GITMSG_REMOTE: remote, GITMSG_DATA_DIR: join(workspace.path, 'restored') }
    expect(jsonOf(workspace.path, ['restore'], restored)).toEqual({
      status: 0,
      values: [{ commits: 1, imported: 1, changed: 0, settled: 0, skipped: 0, conflicts: 0 }],
    })
  })

  it('prints a token only once and never its digest', async () => {
    await using workspace = await openWorkspace()
    const settings = { GITMSG_TOKENS_FILE: join(workspace.path, 'tokens.json') }
    const run = (...args: string[]) => jsonOf(workspace.path, ['token', ...args], settings)
    const laptop = { name: 'laptop', scopes: ['read', 'write'], sender: null, created_at: TIME }
    const phone = { name: 'phone', scopes: ['write'], sender: 'alice', created_at: TIME }
    const token = expect.stringMatching(/^gitmsg_[\w-]{43}$/)

    expect(run('create', '--scope', 'read,write', '--name', 'laptop').values).toEqual([{ ...laptop, token }])
    expect(run('create', '--scope', 'write', '--name', 'phone', '--sender', 'alice').values).toEqual([
      { ...phone, token },
    ])
    expect(run('list').values).toEqual([laptop, phone])
    expect(run('revoke', 'laptop')).toEqual({ status: 0, values: [{ revoked: 'laptop' }] })
    expect(run('list').values).toEqual([phone])
    expect(run('revoke', 'laptop')).toEqual({ status: 1, values: [] })
  })
})
