// Runs the contract suite as the author of a store would.
import { openStore } from '@gitmsg/store'
import { describeStoreContract, openTemporaryStore } from '@gitmsg/store/testing'

describeStoreContract('SQLite', async ({ clock }) => {
  const store = await openTemporaryStore({ clock })
  return { store, other: () => openStore({ path: store.path, clock }), dispose: store.close }
})
