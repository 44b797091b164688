export { describeStoreContract } from './describe-store-contract.js'
export { newMessage } from './new-message.js'
export { openTemporaryStore, type TemporaryStore } from './open-temporary-store.js'
export type { OpenStoreFixture, StoreFixture } from './store-fixture.js'
