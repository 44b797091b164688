import { describeBackendContract } from '../testing/index.js'
import { createLocalFixture } from './testing/local-fixture.js'

describeBackendContract('local and shallow', async () => {
  const { open, dispose } = await createLocalFixture()
  const openOne = (name: string) => open(name, { shallow: true })
  return { backend: openOne('one.git'), other: async () => openOne('two.git'), dispose }
})
