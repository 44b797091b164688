export { newMessage } from './new-message.js'
export { openTemporaryStore, type TemporaryStore } from './open-temporary-store.js'
