import { describe, expect, it } from 'vitest'
import type { SyncState, SyncStatus } from '../../api/api-types.js'
import { countMessages, describeSync, isNews } from './sync-text.js'

const now = new Date('2025-06-15T12:00:00.000Z')

const statusWith = (part: Partial<SyncStatus>): SyncStatus => ({
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

describe('describeSync()', () => {
  it('reports that everything is in the repository', () => {
    expect(describeSync(statusWith({}), now)).toBe('All messages are in the repository.')
  })

  it('mentions messages in quarantine', () => {
    expect(describeSync(statusWith({ quarantined: 2 }), now)).toBe(
      'All messages are in the repository, except 2 messages in quarantine.',
    )
  })

  it('counts the messages that are being committed', () => {
    expect(describeSync(statusWith({ state: 'syncing', pending: 1 }), now)).toBe(
      'Committing 1 message to the repository.',
    )
  })

  it('reports that waiting messages are safe, and when the next attempt is', () => {
    const status = statusWith({ state: 'backing_off', pending: 3, retry_at: '2025-06-15T12:00:11.200Z' })
    expect(describeSync(status, now)).toBe(
      'The repository cannot be reached. 3 messages are stored safely and waiting. Retrying in 12\u00A0s.',
    )
  })

  it('counts the messages that wait for the next sync', () => {
    expect(describeSync(statusWith({ pending: 1 }), now)).toBe('1 message is waiting for the next sync.')
  })

  it('does not count down to a time in the past', () => {
    const status = statusWith({ state: 'backing_off', retry_at: '2025-06-15T11:59:59.000Z' })
    expect(describeSync(status, now)).toBe('The repository cannot be reached. Retrying now.')
  })

  it('asks for help when blocked', () => {
    expect(describeSync(statusWith({ state: 'blocked' }), now)).toBe(
      'The repository rejects changes until someone intervenes.',
    )
  })
})

describe('countMessages()', () => {
  it('uses the singular for one message and separates thousands', () => {
    expect([0, 1, 1200].map(countMessages)).toEqual(['0 messages', '1 message', '1,200 messages'])
  })
})

describe('isNews()', () => {
  it.each<[SyncState | undefined, SyncState, boolean]>([
    [undefined, 'idle', false],
    [undefined, 'blocked', true],
    ['idle', 'syncing', false],
    ['syncing', 'idle', false],
    ['syncing', 'backing_off', true],
    ['backing_off', 'backing_off', false],
    ['blocked', 'idle', true],
  ])('decides whether to announce a change of state: %s to %s: %s', (before, after, expected) => {
    expect(isNews(before && statusWith({ state: before }), statusWith({ state: after }))).toBe(expected)
  })
})
