import type { Message, MessageDetails } from '../api/api-types.js'

/** A message that was never edited and is not in the repository yet. */
export function sampleMessage(changes: Partial<Message> = {}): Message {
  const { id = 1 } = changes
  return {
    id,
    uid: `0193a5c2-7b1e-7000-8000-${String(id).padStart(12, '0')}`,
    content: 'hello',
    sender: 'ada',
    timestamp: '2025-01-09T00:00:00.000Z',
    git_hash: null,
    is_synchronized: false,
    created_at: '2025-01-09T00:00:00.000Z',
    updated_at: '2025-01-09T00:00:00.000Z',
    ...changes,
  }
}

/** The same in the repository. */
export const synchronizedMessage = (changes: Partial<Message> = {}): Message =>
  sampleMessage({ git_hash: '0123456789abcdef0123456789abcdef01234567', is_synchronized: true, ...changes })

/** The same in full, as the live channel has it. */
export const detailedMessage = (position: number, changes: Partial<MessageDetails> = {}): MessageDetails => ({
  path: 'messages/00/00/00/a.json',
  sync: { state: 'pending' },
  ...sampleMessage(changes),
  position,
})
