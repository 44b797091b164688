import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFakeGithub } from '@gitmsg/git-sync/testing'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { makeEditedConversation, makeExampleConversation } from '../testing/documents/example-conversation.js'
import { follow, guideNames, readGuide } from '../testing/documents/guide.js'
import { startScript } from '../testing/gitmsg.js'
import { hasProgram } from '../testing/has-program.js'
import { ROOT } from '../testing/root.js'
import { SERVER_MAIN, until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

/** Guides that are followed step by step, comments.md in a browser. The code in all others comes from the examples, which have tests. */
const FOLLOWED = [
  'read-with-git.md',
  'read-history-with-git.md',
  'read-with-python.md',
  'move.md',
  'command-line.md',
  'ai-agents.md',
  'comments.md',
]

describe.each(guideNames().filter((name) => !FOLLOWED.includes(name)))('the guide %s', (name) => {
  it('shows code of the examples word for word', () => {
    const deviating = readGuide(name).filter(({ file, text }) => {
      const path = join(ROOT, file)
      return !file.startsWith('examples/') || !existsSync(path) || !readFileSync(path, 'utf8').includes(text)
    })
    expect(deviating).toEqual([])
  })
})

it.each([
  ['read-with-git.md', makeExampleConversation],
  ['read-history-with-git.md', makeEditedConversation],
  ...(hasProgram('python3') ? [['read-with-python.md', makeExampleConversation] as const] : []),
] as const)('the commands of a guide print what the guide shows: %s', async (name, makeConversation) => {
  await using workspace = await openWorkspace()
  await makeConversation(workspace.path)
  const guide = readGuide(name)
  expect(guide.filter(({ language }) => language === 'sh')).not.toEqual([])
  expect(await follow(guide, { folder: workspace.path })).toEqual(guide)
})

it('following move.md moves between all backends without losing a message', async () => {
  await using workspace = await openWorkspace()
  await using github = await createFakeGithub({ repository: 'owner/name', token: 'github_pat_...' })
  await makeExampleConversation(workspace.path)
  const settings = { GITHUB_API_URL: github.url }
  const environment = {
    ...settings,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${github.directory}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/owner/name.git',
  }
  const guide = readGuide('move.md')
  const sections = new Set(guide.map(({ section }) => section))
  expect(sections.size).toBe(5)
  for (const section of sections) {
    const blocks = guide.filter((block) => block.section === section)
    expect(await follow(blocks, { folder: workspace.path, environment }), section).toEqual(blocks)

    const server = await workspace.start(settings)
    const client = createClient(server.url)
    await client.post(`posted after: ${section}`)
    await until(async () => (await client.sync()).pending === 0)
    await server.stop()
  }
}, 120_000)

it.runIf(hasProgram('jq'))('the commands of command-line.md print what it shows', async () => {
  await using workspace = await openWorkspace()
  const { url } = await workspace.start()
  const settings = { GITMSG_URL: url }
  const guide = readGuide('command-line.md')
  const part = (name: string) => guide.filter(({ section }) => section === name)
  const [followBlock, shown, script] = part('Follow')
  const isFollowed = async (count: number) => {
    const metrics = await (await createClient(url).call('/metrics')).text()
    return metrics.includes(`gitmsg_live_sockets ${count}\n`)
  }
  const goOn = () => startScript(workspace.path, script?.text ?? '', settings)
  using following = startScript(workspace.path, followBlock?.text ?? '', settings)
  using first = goOn()
  await until(() => isFollowed(2))

  const blocks = [...part('Post, edit, list'), ...part('From cron')]
  const followed = await follow(blocks, { folder: workspace.path, environment: settings })
  expect(followed).toEqual(blocks)
  await first.stop()
  const job = part('From cron')[0]?.text.replace(/^(\S+ ){5}/, '') ?? ''
  using cron = startScript(workspace.path, job, settings)
  expect([await cron.exit, cron.output(), cron.errors()]).toEqual([0, '', ''])
  await until(() => following.output() === shown?.text)

  using _second = goOn()
  const lines = () => readFileSync(join(workspace.path, 'seen.jsonl'), 'utf8').trimEnd().split('\n')
  const values = () => lines().map((line) => JSON.parse(line))
  await until(() => values().at(-1)?.content === 'none is full' && values().at(-1)?.is_synchronized)
  const seen = values().map(({ id, position }) => `${id} ${position}`)
  expect(new Set(seen).size).toBe(seen.length)
  expect(new Set(values().map(({ content }) => content))).toEqual(
    new Set(['Deploying 1.2', 'Deploying 1.3', 'none is full']),
  )
})

it('an agent that is configured as in ai-agents.md posts with its token', async () => {
  await using workspace = await openWorkspace()
  const guide = readGuide('ai-agents.md')
  await follow(guide, { folder: workspace.path })
  const { url } = await workspace.start({ GITMSG_TOKENS_FILE: 'data/tokens.json' })
  const { mcpServers } = JSON.parse(readFileSync(join(workspace.path, 'mcp.json'), 'utf8'))
  const { command, args } = mcpServers.gitmsg
  const [option, name, ...words] = args as string[]
  expect([command, option, name]).toEqual(['npx', '--yes', 'gitmsg'])
  const here: Record<string, string> = {
    'https://chat.example.org': url,
    '/home/alice/assistant-token': join(workspace.path, 'assistant-token'),
  }
  expect(Object.keys(here).filter((value) => !words.includes(value))).toEqual([])
  const agent = new Client({ name: 'test', version: '1.0.0' })
  await agent.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [SERVER_MAIN, ...words.map((word) => here[word] ?? word)],
      cwd: '/',
    }),
  )
  const { tools } = await agent.listTools()
  const text = readFileSync(join(ROOT, 'docs/guides/ai-agents.md'), 'utf8')
  const described = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(tools.map(({ name }) => name)).toEqual(described)
  const { isError } = await agent.callTool({ name: 'post_message', arguments: { content: 'Hello' } })
  expect(isError).toBeFalsy()
  await agent.close()
})
