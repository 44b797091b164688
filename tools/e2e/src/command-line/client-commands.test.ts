import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitmsg, runScript } from '../testing/gitmsg.js'
import { openWorkspace } from '../testing/workspace.js'

/** Settings that `gitmsg serve` rejects. */
const BROKEN = {
  GITMSG_REMOTE: 'ext::evil',
  GITMSG_BRANCH: 'a..b',
  LOG_LEVEL: 'loud',
  GITMSG_DATA_DIR: '/dev/null',
}

describe('the commands that talk to a server', () => {
  it('post, list, edit and delete, without a data folder and whatever the settings of the server are', async () => {
    await using workspace = await openWorkspace()
    await using elsewhere = await openWorkspace()
    const { url } = await workspace.start()
    const run = (script: string) => runScript(elsewhere.path, script, { ...BROKEN, GITMSG_URL: url })
    const post = run(
      String.raw`gitmsg post --sender alice --topic t 'Hello' && printf 'a\n\nb \n\n' | gitmsg post --sender bob --reply-to 1`,
    )
    expect(post).toMatchObject({
      status: 0,
      stdout: '{"status":"success","message_id":1}\n{"status":"success","message_id":2}\n',
      stderr: '',
    })
    const list = () => {
      const { stdout } = run('gitmsg list --topic t')
      return stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []))
    }
    expect(list()).toMatchObject([
      { content: 'a\n\nb \n', sender: 'bob' },
      { content: 'Hello', sender: 'alice' },
    ])
    expect(JSON.parse(run("gitmsg edit 1 'Hello, Git'").stdout)).toMatchObject({ id: 1, version: 2 })
    expect(run('gitmsg delete 2').stdout).toBe('{"deleted":"2"}\n')
    expect(list()).toMatchObject([{ content: 'Hello, Git' }])
    expect(readdirSync(elsewhere.path)).toEqual([])
  })

  it('send the token of a file', async () => {
    await using workspace = await openWorkspace()
    const settings = { GITMSG_TOKENS_FILE: join(workspace.path, 'tokens.json') }
    const create = 'gitmsg token create --scope read,write --sender alice > token'
    expect(runScript(workspace.path, create, settings).status).toBe(0)
    const { url } = await workspace.start(settings)
    const run = (...args: string[]) => gitmsg(workspace.path, args, { GITMSG_URL: url })
    expect(run('post', '--token-file', 'token', '--sender', 'alice', 'text').status).toBe(0)
    const bound = run('post', '--token-file', 'token', '--sender', 'bob', 'text')
    expect(bound).toMatchObject({ status: 1, stdout: '' })
    expect(bound.stderr).toMatch(
      /^gitmsg: (sender: )?The access token is bound to another sender\. \(403 sender_not_allowed\)\n$/,
    )
    writeFileSync(join(workspace.path, 'wrong'), `gitmsg_${'x'.repeat(43)}\n`)
    for (const command of ['list', 'follow']) {
      expect(run(command, '--token-file', 'wrong')).toMatchObject({
        status: 1,
        stdout: '',
        stderr: 'gitmsg: The access token is not valid. (401 invalid_token)\n',
      })
    }
  })

  // Covers IN-73
  it.each([
    [['post', '--sender', 'a', 'text'], 1, 'gitmsg: cannot reach http://127.0.0.1:9: '],
    [['follow'], 1, 'gitmsg: cannot reach http://127.0.0.1:9: '],
    [['post', 'text'], 78, "error: required option '--sender <name>' not specified"],
    [
      ['follow', '--since', 'yesterday'],
      78,
      "error: option '--since <time>' argument 'yesterday' is invalid",
    ],
    [['mcp', '--sender', 'a', '--token-file', 'absent'], 78, '--token-file: the file cannot be read'],
  ])('exit with 1 if the server is away, with 78 for their usage: %j', async (args, code, reason) => {
    await using workspace = await openWorkspace()
    const { status, stdout, stderr } = gitmsg(workspace.path, args, { PORT: '9' })
    expect([status, stdout]).toEqual([code, ''])
    expect(stderr).toContain(reason)
    expect(readdirSync(workspace.path)).toEqual([])
  })
})
