import { createGithubBackend } from '@gitmsg/git-sync/github'
import { createFakeGithub, type FakeGithub } from '@gitmsg/git-sync/testing'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it } from 'vitest'
import { restore } from '../history/restore.js'
import { everythingIn, openNode } from '../testing/open-node.js'
import { verify } from '../verify/verify.js'

const open = ({ repository, url, settings }: FakeGithub) =>
  createGithubBackend({ repository, baseUrl: url, token: settings.token })

describe('1,000 messages to an empty GitHub repository', () => {
  it('take at most 45 requests, and a restore returns them unchanged', async () => {
    const github = await createFakeGithub()
    const backend = open(github)
    await using node = await openNode({ wrap: () => backend })
    for (let number = 0; number < 1000; number += 1) await node.post(`message ${number} 👋\n`)
    await node.importOnce()
    while ((await node.dispatchOnce()) !== 'idle');
    expect(github.requests.length).toBeLessThanOrEqual(45)
    const toRestore = github.requests.length

    const store = await openTemporaryStore()
    const reader = open(github)
    await restore({ store, backend: reader })
    expect(await everythingIn(store)).toEqual(await everythingIn(node.store))
    // The repository, the branch, the list of commits, 11 commits, and 16 folders of the head.
    expect(github.requests.length - toRestore).toBe(30)
    expect(await verify({ store, backend: reader })).toMatchObject({ equal: true })

    await Promise.all([backend.close(), reader.close(), store.close()])
    await github.close()
  })
})
