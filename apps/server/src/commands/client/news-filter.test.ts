import type { MessageDetails } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { createNewsFilter } from './news-filter.js'

const T1 = '2025-01-01T00:00:00.000Z'
const T2 = '2025-01-02T00:00:00.000Z'

const message = (id: number, position: number, fields: Partial<MessageDetails> = {}) =>
  ({ id, uid: `uid-${id}`, position, timestamp: T1, updated_at: T1, ...fields }) as MessageDetails

const edit = (id: number, position: number, updated_at = T2) =>
  message(id, position, { version: 2, updated_at })

/** Begins when 3 messages exist and the feed is at position 5. */
const NOW = { head: 5, newestId: 3, commits: false }

describe('the filter for news', () => {
  it('takes each version of a message once, and no commit', () => {
    const isNews = createNewsFilter(NOW)
    const feed = [message(4, 6), message(5, 7), message(4, 8), edit(5, 9), edit(5, 10)]
    expect(feed.map(isNews)).toEqual([true, true, false, true, false])
  })

  it('takes the edit, but not the commit, of a message that existed before', () => {
    const isNews = createNewsFilter(NOW)
    expect([message(3, 6), edit(3, 7), message(2, 8)].map(isNews)).toEqual([false, true, false])
  })

  it('takes another version with the same number', () => {
    const isNews = createNewsFilter(NOW)
    expect([edit(4, 6, T1), edit(4, 7, T2)].map(isNews)).toEqual([true, true])
  })

  it('takes all that comes after a given place', () => {
    const isNews = createNewsFilter({ head: 2, newestId: 0, commits: false })
    expect([message(1, 3), message(2, 4), message(1, 5)].map(isNews)).toEqual([true, true, false])
  })

  it('takes what was written or changed since a time, and all that comes later', () => {
    const isNews = createNewsFilter({ ...NOW, since: T2 })
    const before = [message(1, 1), message(2, 2, { timestamp: T2 }), edit(3, 5)]
    expect(before.map(isNews)).toEqual([false, true, true])
    // An old message from another server, and commits of the three.
    const later = [message(4, 6), message(1, 7), message(2, 8, { timestamp: T2 }), edit(3, 9)]
    expect(later.map(isNews)).toEqual([true, false, false, false])
  })

  it('takes every change with commits, but none before the beginning', () => {
    const isNews = createNewsFilter({ ...NOW, since: T2, commits: true })
    const feed = [message(1, 1), message(1, 6), message(1, 7), edit(2, 2)]
    expect(feed.map(isNews)).toEqual([false, true, true, true])
  })

  it('remembers the last 100,000 messages', () => {
    const isNews = createNewsFilter(NOW)
    for (let id = 4; id <= 100_004; id += 1) isNews(message(id, id + 2))
    expect(isNews(message(5, 200_000))).toBe(false)
    expect(isNews(message(4, 200_001))).toBe(true)
  })
})
