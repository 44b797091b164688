import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, last, readAll } from '../testing/drafts.js'
import { createGithubBackend } from './github-backend.js'

const { GITMSG_LIVE_GITHUB, GITHUB_TOKEN, GITHUB_REPO = '' } = process.env

/** Writes to a real repository, on a new branch that it leaves there. */
describe.runIf(GITMSG_LIVE_GITHUB === '1')('the real GitHub', () => {
  it('writes batches, reads them back, and rejects a stale parent', async () => {
    const branch = `gitmsg-live-${randomUUID()}`
    const open = () => createGithubBackend({ repository: GITHUB_REPO, token: GITHUB_TOKEN, branch })
    const backend = open()
    const files = [file('text', 'grüße\r\n'), file('binary', Uint8Array.of(0, 255)), file('empty', '')]
    const one = last(await append(backend, { parent: null, commits: [draft('one', ...files)] }))
    const two = last(await append(backend, { parent: one, commits: [draft('two', file('text', null))] }))
    const late = append(open(), { parent: one, commits: [draft('late')] })
    await expect(late).rejects.toMatchObject({ code: 'stale-head' })

    const commits = await readAll(open())
    expect(commits.map(({ hash, message }) => [hash, message])).toEqual([
      [one, 'one\n'],
      [two, 'two\n'],
    ])
    const contents = new Map(
      commits[0]?.files.map(({ path, content }) => [path, Buffer.from(content ?? 'none')]),
    )
    for (const { path, content } of files) expect(contents.get(path)).toEqual(Buffer.from(content ?? ''))
    expect(commits[1]?.files).toEqual([{ path: 'text', content: null }])
  }, 120_000)
})
