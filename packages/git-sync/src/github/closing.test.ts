import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft } from '../testing/drafts.js'
import { openGithubFixture } from './testing/github-fixture.js'

const request = { parent: null, commits: [draft('one')] }
const failure = (promise: Promise<unknown>) => promise.then(() => 'no error').catch((error) => error)

describe('closing', () => {
  it('ends what is under way at once', async () => {
    await using fixture = await openGithubFixture({ fault: () => 'hang' })
    const backend = fixture.open()
    const reading = failure(backend.head())
    await expect.poll(() => fixture.github.requests.length).toBe(1)
    const began = performance.now()
    await backend.close()
    expect(await reading).toMatchObject({ code: 'aborted' })
    expect(performance.now() - began).toBeLessThan(500)
  })

  it('leaves unknown what became of a branch that was just being moved', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    await backend.head()
    fixture.github.settings.fault = ({ method }) => (method === 'PATCH' ? 'hang' : undefined)
    const appending = failure(append(backend, request))
    await expect.poll(() => fixture.github.faults.hang).toBe(1)
    await backend.close()
    expect(await appending).toMatchObject({ code: 'unknown-outcome' })
  })
})
