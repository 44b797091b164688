import { expect, it } from 'vitest'
import type { SyncStatus } from '../api/api-types.js'
import { countMessages, syncSentence } from './sync-words.js'

const now = new Date('2025-06-15T12:00:00.000Z')

const status = (part: Partial<SyncStatus>): SyncStatus => ({
  backend: 'local',
  remote: null,
  branch: 'main',
  head: null,
  pending: 0,
  oldest_pending_at: null,
  last_synchronized_at: null,
  state: 'idle',
  last_error: null,
  retry_at: null,
  quarantined: 0,
  ...part,
})

it('says that everything is in the repository', () => {
  expect(syncSentence(status({}), now)).toBe('Everything accepted is in the repository.')
})

it('does not forget what is in quarantine', () => {
  expect(syncSentence(status({ quarantined: 2 }), now)).toBe(
    'Everything is in the repository, except what is in quarantine: 2 messages.',
  )
})

it('says how many are on their way', () => {
  expect(syncSentence(status({ state: 'syncing', pending: 1 }), now)).toBe(
    'Bringing 1 message into the repository.',
  )
})

it('says that waiting messages are safe and when the next try is', () => {
  const failing = status({ state: 'backing_off', pending: 3, retry_at: '2025-06-15T12:00:11.200Z' })
  expect(syncSentence(failing, now)).toBe(
    'The repository cannot be reached. Waiting safely here: 3 messages. Next try in 12\u00A0s.',
  )
})

it('does not promise a time that has passed', () => {
  const due = status({ state: 'backing_off', retry_at: '2025-06-15T11:59:59.000Z' })
  expect(syncSentence(due, now)).toBe('The repository cannot be reached. Trying again now.')
})

it('asks for help when blocked', () => {
  expect(syncSentence(status({ state: 'blocked' }), now)).toBe(
    'The repository refuses until somebody steps in.',
  )
})

it('counts in words', () => {
  expect([0, 1, 1200].map(countMessages)).toEqual(['0 messages', '1 message', '1,200 messages'])
})
