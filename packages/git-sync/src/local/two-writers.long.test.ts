import { describe } from 'vitest'
import { itReadsBackWhatTwoWritersAppend } from '../testing/two-writers-property.js'
import { createLocalFixture } from './testing/local-fixture.js'

describe('local backend', () => {
  async function open() {
    const { open, dispose } = await createLocalFixture()
    const openOne = () => open('repository.git', { remote: null })
    return { backend: openOne(), other: async () => openOne(), dispose }
  }

  itReadsBackWhatTwoWritersAppend(open, 8)
})
