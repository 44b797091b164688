import { openStore, type Store } from './index.js'
import { describeStoreContract, openTemporaryStore } from './testing/index.js'

describeStoreContract('SQLite', async ({ clock }) => {
  const store = await openTemporaryStore({ clock })
  const others: Store[] = []
  return {
    store,
    async other() {
      const other = await openStore({ path: store.path, clock })
      others.push(other)
      return other
    },
    async dispose() {
      await Promise.all(others.map((other) => other.close()))
      await store.close()
    },
  }
})
