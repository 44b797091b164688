import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { type ClientCommandOptions, runClientCommand } from '../../testing/run-client-command.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { addPostCommand } from './post-command.js'

const run = (words: readonly string[], options?: ClientCommandOptions) =>
  runClientCommand(addPostCommand, ['post', ...words], options)

describe('gitmsg post', () => {
  it('posts an argument with everything that a message can have', async () => {
    await using server = await openTestServer({ isStandby: true })
    const to = ['--url', server.url, '--sender', 'alice']
    const first = await run([...to, '--topic', 'deploys', '--format', 'markdown', '*Hello*'])
    expect(first.values()).toEqual([{ status: 'success', message_id: 1 }])
    const uid = (await server.engine.list({}))[0]?.uid ?? ''
    await run([...to, '--reply-to', '1', 'by id'])
    await run([...to, '--reply-to', uid, '--format', 'reaction', '👍'])
    expect(await server.engine.list({})).toMatchObject([
      { content: 'by id', sender: 'alice', topic: 'deploys', reply_to: uid },
      {
        content: '*Hello*',
        sender: 'alice',
        topic: 'deploys',
        format: 'markdown',
        reactions: { '👍': ['alice'] },
      },
    ])
  })

  it('posts standard input byte for byte, to the server of the settings', async () => {
    await using server = await openTestServer({ isStandby: true })
    const input = ' \u0007\r\nline\u2028 two\n\n'
    await run(['--sender', 'cron'], { input, environment: { GITMSG_URL: server.url } })
    expect((await server.engine.list({}))[0]?.content).toBe(input.slice(0, -1))
  })

  it('stores a message once if it is repeated with its key', async () => {
    await using server = await openTestServer({ isStandby: true })
    const words = ['--url', server.url, '--sender', 'a', '--idempotency-key', 'k', 'text']
    const ids = [await run(words), await run(words)].map((command) => command.values()[0].message_id)
    expect(ids).toEqual([1, 1])
    await run(['--url', server.url, '--sender', 'a', 'text'])
    await run(['--url', server.url, '--sender', 'a', 'text'])
    expect(await server.engine.list({})).toHaveLength(3)
  })

  it('prints for people on a terminal', async () => {
    await using server = await openTestServer({ isStandby: true })
    const { output } = await run(['--url', server.url, '--sender', 'a', 'text'], { isTerminal: true })
    expect(output()).toBe('message 1 posted\n')
  })

  it('rejects with the sentence of the server', async () => {
    await using server = await openTestServer({ isStandby: true })
    const posting = run(['--url', server.url, '--sender', 'a'], { input: ' \n' })
    await expect(posting).rejects.toThrow('content: This field must not be blank. (422 empty)')
  })

  it.each([
    [['text']],
    [['--sender']],
    [['--sender', 'a', '--format', 'html', 'text']],
    [['--sender', 'a', '--', '-x', 'y']],
  ])('rejects a command line that is not valid, and sends nothing: %j', async (words) => {
    await expect(run(words, { environment: { PORT: '1' } })).rejects.toThrow(CommanderError)
  })
})
