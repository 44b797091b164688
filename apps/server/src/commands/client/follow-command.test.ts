import { writeFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { describe, expect, it, vi } from 'vitest'
import { openTokensFile } from '../../testing/open-tokens-file.js'
import { type ClientCommandOptions, startClientCommand } from '../../testing/run-client-command.js'
import { openTestServer, type TestServerOptions } from '../../testing/servers/open-test-server.js'
import { addFollowCommand } from './follow-command.js'

type TestServer = Awaited<ReturnType<typeof openTestServer>>
type Following = ReturnType<typeof startClientCommand>

const start = (words: readonly string[], options?: ClientCommandOptions) =>
  startClientCommand(addFollowCommand, ['follow', ...words], options)

const WAIT = { timeout: 10_000, interval: 10 }
const contents = (following: Following) => following.values().map(({ content }) => content)
const expectContents = (following: Following, expected: (string | null)[]) =>
  vi.waitFor(() => expect(contents(following)).toEqual(expected), WAIT)

/** Starts to follow, and resolves once it does. */
async function startLive({ url, live }: TestServer, words: string[] = [], options?: ClientCommandOptions) {
  const following = start(['--url', url, ...words], options)
  await vi.waitFor(() => expect(live?.connections).toBe(1), WAIT)
  return following
}

async function stop(following: Following): Promise<void> {
  following.process.emit('SIGINT')
  await following.done
  expect(following.process.exitCode).toBe(130)
}

const openServer = (options: TestServerOptions = {}) => openTestServer({ isStandby: true, ...options })
const post = (server: TestServer, content: string, fields: object = {}) =>
  server.post({ content, sender: 'alice', ...fields })

describe('gitmsg follow', () => {
  it('prints what is posted, edited and deleted from now on, until a signal', async () => {
    await using server = await openServer()
    await post(server, 'before')
    const following = await startLive(server)
    await post(server, 'new')
    await expectContents(following, ['new'])
    await server.engine.edit(1, { content: 'edited' })
    await expectContents(following, ['new', 'edited'])
    await server.engine.remove(2)
    await expectContents(following, ['new', 'edited', null])
    await post(server, '👍', { format: 'reaction', reply_to: 1 })
    await expectContents(following, ['new', 'edited', null, '👍'])
    expect(following.values()).toMatchObject([{ id: 2 }, { version: 2 }, { deleted: true }, {}])
    await stop(following)
  })

  it('prints only messages with one of the topics', async () => {
    await using server = await openServer()
    const following = await startLive(server, ['--topic', 'a', '--topic', 'b'])
    for (const topic of ['a', 'b', 'c']) await post(server, topic, { topic })
    await post(server, 'the last', { topic: 'a' })
    await expectContents(following, ['a', 'b', 'the last'])
    await stop(following)
  })

  it('goes on after the position of any line, without a gap', async () => {
    await using server = await openServer()
    const first = await startLive(server)
    for (const content of ['1', '2', '3', '4', '5']) await post(server, content)
    await expectContents(first, ['1', '2', '3', '4', '5'])
    await stop(first)
    await post(server, '6')
    for (const [index, { position }] of first.values().entries()) {
      const again = start(['--url', server.url, '--since', position])
      await expectContents(again, ['1', '2', '3', '4', '5', '6'].slice(index + 1))
      await stop(again)
    }
  })

  it('begins with what was written or changed since a time', async () => {
    await using server = await openServer()
    await post(server, 'old', { timestamp: '2020-01-01T00:00:00Z' })
    await post(server, 'older', { timestamp: '2019-01-01T00:00:00Z' })
    await new Promise((resolve) => setTimeout(resolve, 2))
    const since = new Date().toISOString()
    await server.engine.edit(1, { content: 'edited' })
    await post(server, 'new')
    const following = start(['--url', server.url, '--since', since])
    await expectContents(following, ['edited', 'new'])
    await post(server, 'newer')
    await expectContents(following, ['edited', 'new', 'newer'])
    await stop(following)
  })

  it.each([
    [[], ['text', 'the last']],
    [['--commits'], ['text', 'text', 'the last']],
  ])('prints a message again when it is committed only if asked to: %j', async (words, expected) => {
    await using server = await openServer()
    const following = await startLive(server, words)
    await post(server, 'text')
    await expectContents(following, ['text'])
    const [{ uid }] = following.values()
    const git_hash = 'a'.repeat(40)
    await server.store.settle({
      published: [{ uid, version: 1, git_hash }],
      cursor: { commit: git_hash, format: 1 },
    })
    await post(server, 'the last')
    await expectContents(following, expected)
    await stop(following)
  })

  it('prints for people on a terminal', async () => {
    await using server = await openServer()
    const following = await startLive(server, [], { isTerminal: true })
    await post(server, 'text')
    await vi.waitFor(() => expect(following.output()).toMatch(/<bold>alice<\/>: text\n$/), WAIT)
    await stop(following)
  })

  it('ends quietly when the reader of its output is gone', async () => {
    await using server = await openServer()
    const following = await startLive(server)
    await post(server, 'read')
    await expectContents(following, ['read'])
    following.process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await post(server, 'not read')
    await following.done
    expect([following.process.exitCode, following.reported()]).toEqual([undefined, ''])
  })

  it.each([
    ['wrong', 'gitmsg_wrong', 'The access token is not valid. (401 invalid_token)'],
    ['without the scope', null, '(403 insufficient_scope)'],
  ])('rejects a token that is %s', async (_, wrong, reason) => {
    await using file = await openTokensFile()
    await using server = await openServer({ tokens: file.tokens })
    const tokenFile = `${file.path}.secret`
    writeFileSync(tokenFile, wrong ?? file.add(['write']))
    const following = start(['--url', server.url, '--token-file', tokenFile])
    await expect(following.done).rejects.toThrow(reason)
  })

  it('rejects if the server has no live channel', async () => {
    await using server = await openServer({ liveSockets: 0 })
    await expect(start(['--url', server.url]).done).rejects.toThrow(
      'cannot open the live channel: Unexpected server response: 404',
    )
  })

  it.each([
    ['of another history', 'other:1', 'epoch_changed'],
    ['ahead of the server', null, 'position_ahead'],
  ])('rejects a position %s', async (_, position, code) => {
    await using server = await openServer()
    const { epoch } = await server.engine.position()
    await expect(start(['--url', server.url, '--since', position ?? `${epoch}:9`]).done).rejects.toThrow(code)
  })

  it('rejects when the server begins another history, because it cannot know what is missing', async () => {
    await using server = await openServer()
    const following = await startLive(server)
    await server.store.resetSynchronization()
    await expect(following.done).rejects.toThrow('another history now (epoch_changed)')
  })

  // Covers IN-73
  it.each([
    [['--since', 'yesterday']],
    [['--since', '1234']],
    [['--since', '2025-01-01']],
    [['--topic']],
    [['x']],
  ])('rejects a command line that is not valid: %j', async (words) => {
    await expect(start(words).done).rejects.toThrow(CommanderError)
  })
})
