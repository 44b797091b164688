import { describe, expect, it } from 'vitest'
import type { Message } from '../../api/api-types.js'
import { sampleMessage, synchronizedMessage } from '../../testing/sample-message.js'
import { createListFilter } from './list-filter.js'

const ROOT = 'uid-of-the-root'

describe('createListFilter()', () => {
  it.each<[string, Partial<Message>, boolean]>([
    ['', {}, true],
    ['', { deleted: true, content: null }, false],
    ['', { format: 'reaction' }, false],
    ['', { format: 'markdown' }, true],
    ['limit=10&before=7', {}, true],
    ['sender=ada', {}, true],
    ['sender=Ada', {}, false],
    ['topic=a+%26+b', { topic: 'a & b' }, true],
    ['topic=a', {}, false],
    [`reply_to=${ROOT}`, { reply_to: ROOT }, true],
    [`reply_to=${ROOT}`, { uid: ROOT }, false],
    [`thread=${ROOT}`, { uid: ROOT }, true],
    [`thread=${ROOT}`, { thread: ROOT }, true],
    [`thread=${ROOT}`, { uid: ROOT, deleted: true }, false],
    ['since=2025-01-09T00:00:00.000Z', {}, true],
    ['since=2025-01-09T00:00:00.001Z', {}, false],
    ['until=2025-01-09T00:00:00.000Z', {}, false],
    ['until=2025-01-09T01:00:00.001%2B01:00', {}, true],
    ['synchronized=false', {}, true],
    ['synchronized=true', {}, false],
    ['deleted=true', {}, false],
    ['deleted=true', { deleted: true }, true],
    ['deleted=true', { deleted: true, format: 'reaction' }, true],
    ['deleted=true&sender=bob', { deleted: true }, false],
    ['format=reaction', { format: 'reaction' }, true],
    ['format=reaction', { format: 'reaction', deleted: true }, false],
  ])('tells whether the list of ?%s has a message with %j', (search, fields, belongs) => {
    expect(createListFilter(`messages?${search}`, [])?.(sampleMessage(fields))).toBe(belongs)
  })

  it('has a synchronized message in the list of those', () => {
    const filter = createListFilter('messages?synchronized=true', [])
    expect(filter?.(synchronizedMessage())).toBe(true)
  })

  it('does not know other filters than those of messages', () => {
    expect(createListFilter('messages?limit=5&q=hello', [])).toBeNull()
    expect(createListFilter('messages?constructor=1', [])).toBeNull()
  })

  it.each<[string, Partial<Message>]>([
    ['its first message', { uid: ROOT }],
    ['a reply to it', { uid: 'reply', thread: ROOT }],
  ])('finds the thread of a page by %s, and keeps its first message when it is deleted', (_, member) => {
    const filter = createListFilter('messages/7/thread?limit=50', [sampleMessage(member)])
    expect(filter?.(sampleMessage({ thread: ROOT }))).toBe(true)
    expect(filter?.(sampleMessage({ thread: ROOT, format: 'reaction' }))).toBe(false)
    expect(filter?.(sampleMessage({ thread: ROOT, deleted: true }))).toBe(false)
    expect(filter?.(sampleMessage({ uid: ROOT, deleted: true }))).toBe(true)
    expect(filter?.(sampleMessage({ thread: 'another' }))).toBe(false)
  })
})
