import { randomUUID } from 'node:crypto'
import type { NewMessage } from '../store.js'

/** A message to create, with a uid of its own; what matters to the test is given. */
export function newMessage(overrides: Partial<NewMessage> = {}): NewMessage {
  const uid = overrides.uid ?? randomUUID()
  const timestamp = overrides.timestamp ?? new Date().toISOString()
  return {
    uid,
    content: 'hello',
    sender: 'ada',
    timestamp,
    created_at: timestamp,
    updated_at: timestamp,
    path: (id) => `messages/${id}/${uid}.json`,
    ...overrides,
  }
}
