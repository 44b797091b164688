import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft } from '../testing/drafts.js'
import type { FakeSettings } from '../testing/index.js'
import { failureOf, openGithubFixture } from './testing/github-fixture.js'

const request = { parent: null, commits: [draft('one')] }

describe('a repository that cannot be written to', () => {
  it.each<[string, Partial<FakeSettings>, string, RegExp]>([
    ['a wrong token', { token: 'another' }, 'unauthorized', /token: it is wrong/],
    ['no such repository', { exists: false }, 'not-found', /no such repository/],
    ['an archived repository', { isArchived: true }, 'forbidden', /archived/],
    ['a disabled repository', { isDisabled: true }, 'forbidden', /disabled/],
    ['a read-only token', { mayPush: false }, 'forbidden', /Contents: read and write/],
  ])('rejects append() with a clear reason: %s', async (_, settings, code, message) => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    Object.assign(fixture.github.settings, settings)
    const error = await failureOf(append(backend, request))
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), requiresIntervention: true })
  })

  it('is read again, and written to once it has been unarchived', async () => {
    await using fixture = await openGithubFixture({ isArchived: true })
    const backend = fixture.open()
    await expect(append(backend, request)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await backend.head()).toBeNull()
    fixture.github.settings.isArchived = false
    await append(backend, request)
  })

  it('rejects publish() if it was archived after prepare(), until it has been unarchived', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const { hashes, publish } = await backend.prepare(request)
    fixture.github.settings.isArchived = true
    await expect(publish()).rejects.toMatchObject({ code: 'forbidden' })
    fixture.github.settings.isArchived = false
    await publish()
    expect(await backend.head()).toBe(hashes[0])
  })
})

it('a public repository is warned about, once', async () => {
  await using fixture = await openGithubFixture({ isPrivate: false })
  const backend = fixture.open()
  await backend.head()
  await backend.head()
  expect(fixture.logged.filter((line) => line.includes('public'))).toHaveLength(1)
})
