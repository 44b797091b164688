export { describeStoreContract } from './describe-store-contract.js'
export { newMessage } from './messages.js'
export type { OpenStoreFixture, StoreFixture } from './store-fixture.js'
export { openTemporaryStore, type TemporaryStore } from './temporary-store.js'
