import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { append } from '@gitmsg/git-sync'
import { describeBackendContract } from '@gitmsg/git-sync/testing'
import { expect, it } from 'vitest'
import { openFolder, runExample } from '../testing/run-example.js'
import { createJsonLinesBackend } from './json-lines-backend.js'

describeBackendContract('json-lines', async () => {
  const directory = await openFolder()
  const backend = createJsonLinesBackend({ directory })
  return {
    backend,
    other: async () => createJsonLinesBackend({ directory }),
    dispose: () => backend.close(),
  }
})

const ada = { name: 'Ada', email: 'ada@example.com' }
const now = new Date()
const commit = (path, content = path) => ({
  message: path,
  author: ada,
  authorDate: now,
  committer: ada,
  committerDate: now,
  files: [{ path, content }],
})

it('lets one of ten writers win that append at the same time', async () => {
  const directory = await openFolder()
  const attempts = Array.from({ length: 10 }, (_, number) =>
    append(createJsonLinesBackend({ directory }), { parent: null, commits: [commit(`by ${number}`)] })
      .then(() => 'won')
      .catch(({ code }) => code),
  )
  expect((await Promise.all(attempts)).sort()).toEqual([...Array(9).fill('stale-head'), 'won'])
})

it('rejects a damaged file with corrupt', async () => {
  const directory = await openFolder()
  await append(createJsonLinesBackend({ directory }), { parent: null, commits: [commit('a')] })
  await truncate(join(directory, 'main/00000001.jsonl'), 10)
  const head = createJsonLinesBackend({ directory }).head()
  await expect(head).rejects.toMatchObject({ code: 'corrupt', requiresIntervention: true })
})

it('carries the messages of an engine', async () => {
  const [listed, filed] = await runExample(await openFolder(), 'custom-backend/main.js')
  const [hash] = listed.split(' ')
  expect(listed).toBe(`${hash} Hello, lines`)
  expect(filed).toMatch(
    new RegExp(`^00000001.jsonl ${hash} Message 1 from alice .*messages/00/00/00/[0-9a-f-]{36}.json$`),
  )
})
