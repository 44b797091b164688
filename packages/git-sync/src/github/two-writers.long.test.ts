import { describe } from 'vitest'
import { itReadsBackWhatTwoWritersAppend } from '../testing/two-writers-property.js'
import { openGithubFixture } from './testing/github-fixture.js'

describe('GitHub backend', () => {
  async function open() {
    const fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    return {
      backend: fixture.open(),
      other: async () => fixture.open(),
      dispose: () => fixture[Symbol.asyncDispose](),
    }
  }

  itReadsBackWhatTwoWritersAppend(open, 8)
})
