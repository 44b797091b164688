import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { type ClientCommandOptions, runClientCommand } from '../../testing/run-client-command.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { addSearchCommand } from './search-command.js'

const run = (words: readonly string[], options?: ClientCommandOptions) =>
  runClientCommand(addSearchCommand, ['search', ...words], options)

async function openConversation() {
  const server = await openTestServer({ isStandby: true })
  const post = (fields: object) => server.post({ sender: 'alice', ...fields })
  await post({ content: 'git push was rejected', timestamp: '2025-01-01T00:00:00Z' })
  await post({ content: 'the push of bob, git said nothing', sender: 'bob', topic: 'deploys' })
  await post({ content: 'no push today', reply_to: 2 })
  await post({ content: 'push\u0007 it', topic: 'deploys' })
  return server
}

describe('gitmsg search', () => {
  it('prints what matches the query and every filter, newest first', async () => {
    await using server = await openConversation()
    const uid = (await server.engine.find(2))?.uid ?? ''
    const cases: [string[], number[]][] = [
      [['push'], [4, 3, 2, 1]],
      [
        ['push', 'git'],
        [2, 1],
      ],
      [['"git push"'], [1]],
      [['push -git'], [4, 3]],
      [['rej*'], [1]],
      [['push', '--sender', 'bob'], [2]],
      [
        ['push', '--topic', 'deploys'],
        [4, 3, 2],
      ],
      [
        ['push', '--thread', uid],
        [3, 2],
      ],
      [['push', '--until', '2025-06-01T00:00:00Z'], [1]],
      [['push', '--since', '2025-06-01T00:00:00Z', '--before', '4', '--limit', '1'], [3]],
      [['elephant'], []],
    ]
    for (const [words, ids] of cases) {
      const found = (await run(['--url', server.url, ...words])).values()
      expect([words, found.map(({ message }) => message.id)]).toEqual([words, ids])
    }
    const [best] = (await run(['--url', server.url, '--sort', 'relevance', 'git push'])).values()
    expect(best.snippet.filter(({ match }: { match: boolean }) => match)).toHaveLength(2)
  })

  it('reads as many pages as it needs', async () => {
    await using server = await openTestServer({ isStandby: true })
    const posts = Array.from({ length: 1010 }, () => server.engine.post({ content: 'one word', sender: 'a' }))
    await Promise.all(posts)
    expect((await run(['--url', server.url, '--limit', '1005', 'word'])).values()).toHaveLength(1005)
  })

  it('colours what matches on a terminal, which no character of it acts on', async () => {
    await using server = await openConversation()
    const { output } = await run(['--url', server.url, '--limit', '1', 'push'], { isTerminal: true })
    expect(output()).toMatch(/<bold>alice<\/>: <yellow>push<\/>\S+ it\n$/)
    expect(output()).not.toContain('\u0007')
  })

  it.each([[[]], [['a', '--sort', 'age']], [['a', '--limit', '0']]])(
    'rejects a command line that is not valid: %j',
    async (words) => {
      await expect(run(words, { environment: { PORT: '1' } })).rejects.toThrow(CommanderError)
    },
  )

  it('leaves the rules of queries to the server', async () => {
    await using server = await openConversation()
    await expect(run(['--url', server.url, 'x'.repeat(257)])).rejects.toThrow('q: ')
  })
})
