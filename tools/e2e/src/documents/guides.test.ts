import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFakeGithub } from '@gitmsg/git-sync/testing'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { makeEditedConversation, makeExampleConversation } from '../testing/example-conversation.js'
import { follow, guideNames, hasPython, readGuide } from '../testing/guide.js'
import { ROOT } from '../testing/root.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

/** Guides that are followed step by step. The code in all others comes from the examples, which have tests. */
const FOLLOWED = ['read-with-git.md', 'read-history-with-git.md', 'read-with-python.md', 'move.md']

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
  ...(hasPython() ? [['read-with-python.md', makeExampleConversation] as const] : []),
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
