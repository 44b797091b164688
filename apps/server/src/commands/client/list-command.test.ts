import { inputJsonSchemas } from '@gitmsg/core'
import { Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { type ClientCommandOptions, runClientCommand } from '../../testing/run-client-command.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import type { CommandContext } from '../command-context.js'
import { addListCommand } from './list-command.js'

const run = (words: readonly string[], options?: ClientCommandOptions) =>
  runClientCommand(addListCommand, ['list', ...words], options)

async function openConversation() {
  const server = await openTestServer({ isStandby: true })
  const post = (fields: object) => server.post({ content: 'text', sender: 'alice', ...fields })
  await post({ timestamp: '2025-01-01T00:00:00Z' })
  await post({ sender: 'bob', topic: 'deploys' })
  await post({ reply_to: 2 })
  await post({ reply_to: 3, sender: 'carol' })
  await post({ reply_to: 1, content: '👍', format: 'reaction' })
  await post({ content: 'gone' })
  await server.engine.remove(6)
  return server
}

describe('gitmsg list', () => {
  it('has an option for every filter of the API', () => {
    const program = new Command()
    addListCommand(program, {} as CommandContext)
    const options = program.commands[0]?.options.map(({ long }) => long)
    const renamed: Record<string, string> = { format: 'reactions', reply_to: 'reply-to' }
    for (const name of Object.keys(inputJsonSchemas().query.properties)) {
      expect(options).toContain(`--${renamed[name] ?? name}`)
    }
  })

  it('prints what matches every filter, newest first', async () => {
    await using server = await openConversation()
    const uids = new Map((await server.engine.list({})).map(({ id, uid }) => [id, uid]))
    const uid = uids.get(2) ?? ''
    const cases: [string[], number[]][] = [
      [[], [4, 3, 2, 1]],
      [
        ['--sender', 'alice'],
        [3, 1],
      ],
      [['--topic', 'deploys', '--sender', 'bob'], [2]],
      [
        ['--thread', uid],
        [4, 3, 2],
      ],
      [['--reply-to', uid], [3]],
      [
        ['--since', '2025-01-01T00:00:00.001Z'],
        [4, 3, 2],
      ],
      [['--until', '2025-06-01T00:00:00Z'], [1]],
      [['--before', '3', '--limit', '1'], [2]],
      [['--after', '0', '--limit', '1'], [1]],
      [['--synchronized'], []],
      [
        ['--no-synchronized', '--limit', '2'],
        [4, 3],
      ],
      [['--deleted'], [6]],
      [['--reactions'], [5]],
    ]
    for (const [words, ids] of cases) {
      const listed = (await run(['--url', server.url, ...words])).values()
      expect([words, listed.map(({ id }) => id)]).toEqual([words, ids])
    }
  })

  it('reads as many pages as it needs', async () => {
    await using server = await openTestServer({ isStandby: true })
    const posts = Array.from({ length: 1100 }, (_, number) =>
      server.engine.post({ content: `${number}`, sender: 'a' }),
    )
    await Promise.all(posts)
    const ids = async (...words: string[]) =>
      (await run(['--url', server.url, ...words])).values().map(({ id }) => id)
    expect(await ids()).toHaveLength(50)
    expect(await ids('--limit', '1050')).toEqual(Array.from({ length: 1050 }, (_, index) => 1100 - index))
    expect(await ids('--limit', '5000')).toHaveLength(1100)
  })

  it('prints for people on a terminal', async () => {
    await using server = await openConversation()
    const { output } = await run(['--url', server.url, '--limit', '1'], { isTerminal: true })
    expect(output()).toMatch(
      /^<dim>4 -{7} \S+Z<\/> <green>\[deploys\]<\/> <bold>carol<\/>: text <dim>\(reply/,
    )
  })

  it.each([[['--limit', '0']], [['--limit', 'all']], [['--before', '-1']], [['--sort', 'age']], [['text']]])(
    'rejects a command line that is not valid: %j',
    async (words) => {
      await expect(run(words, { environment: { PORT: '1' } })).rejects.toThrow(CommanderError)
    },
  )

  it('leaves the rules of times to the server', async () => {
    await using server = await openConversation()
    await expect(run(['--url', server.url, '--since', 'yesterday'])).rejects.toThrow(
      'since: A time must be RFC 3339',
    )
  })
})
