import { describe } from 'vitest'
import { describeBackendContract, type OpenBackendFixture } from '../testing/index.js'
import { itReadsBackWhatTwoWritersAppend } from '../testing/two-writers-property.js'
import { openGithubFixture } from './testing/github-fixture.js'

/** An empty repository with another default branch: then nothing lies beneath the first commit of ours. */
const open: OpenBackendFixture = async () => {
  const fixture = await openGithubFixture({ defaultBranch: 'trunk' })
  return {
    backend: fixture.open(),
    other: async () => fixture.open(),
    dispose: () => fixture[Symbol.asyncDispose](),
  }
}

describeBackendContract('github', open)

describe('github backend', () => {
  itReadsBackWhatTwoWritersAppend(open, 8)
})
