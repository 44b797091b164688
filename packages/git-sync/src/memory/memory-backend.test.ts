import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, readAll } from '../testing/drafts.js'
import { describeBackendContract, type OpenBackendFixture } from '../testing/index.js'
import { itReadsBackWhatTwoWritersAppend } from '../testing/two-writers-property.js'
import { createMemoryBackend, createMemoryRepository } from './memory-backend.js'

const open: OpenBackendFixture = async () => {
  const repository = createMemoryRepository()
  const backend = createMemoryBackend({ repository })
  return {
    backend,
    other: async () => createMemoryBackend({ repository }),
    dispose: () => backend.close(),
  }
}

describeBackendContract('memory', open)

describe('createMemoryBackend', () => {
  itReadsBackWhatTwoWritersAppend(open, 200)

  it('copies the bytes that it is given and the bytes that it returns', async () => {
    const backend = createMemoryBackend()
    const bytes = Uint8Array.of(1, 2, 3)
    await append(backend, { parent: null, commits: [draft('bytes', file('a', bytes))] })
    bytes.fill(0)
    const [first] = await readAll(backend)
    first?.files[0]?.content?.fill(0)
    const [second] = await readAll(backend)
    expect(second?.files[0]?.content).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('keeps branches separate', async () => {
    const repository = createMemoryRepository()
    await append(createMemoryBackend({ repository }), { parent: null, commits: [draft('one')] })
    expect(await createMemoryBackend({ repository, branch: 'other' }).head()).toBeNull()
  })

  it('rejects an invalid branch name', () => {
    expect(() => createMemoryBackend({ branch: 'a..b' })).toThrow(/not a branch name/)
  })
})
