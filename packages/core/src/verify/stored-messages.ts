import type { Store, StoredMessage } from '@gitmsg/store'

const AT_ONCE = 1_000

/** Every message of the database, a page at a time, oldest first. */
export async function* storedMessages(store: Store): AsyncGenerator<StoredMessage[]> {
  let after = 0
  for (;;) {
    const page = await store.listMessages({ after, limit: AT_ONCE })
    if (page.length === 0) return
    after = page[0]?.id ?? after
    yield page.reverse()
  }
}
