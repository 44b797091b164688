import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, MessageDetails } from '../../api/api-types.js'
import { detailedMessage } from '../../testing/sample-message.js'
import { changePage, type ListPage } from './list-page.js'

const EPOCH = 'e'
const ROOT_ID = 2

/** What a server with few messages returns, read in the simplest way. */
const createServer = () => {
  const messages = new Map<number, MessageDetails>()
  let position = 0

  const rootUid = () => messages.get(ROOT_ID)?.uid
  const lists: Record<string, (message: Message) => boolean> = {
    messages: isLiving,
    'messages?sender=bob': (message) => isLiving(message) && message.sender === 'bob',
    'messages?topic=t': (message) => isLiving(message) && message.topic === 't',
    'messages?synchronized=false': (message) => isLiving(message) && !message.is_synchronized,
    'messages?deleted=true': ({ deleted }) => deleted === true,
    'messages?format=reaction': ({ deleted, format }) => !deleted && format === 'reaction',
    [`messages/${ROOT_ID}/thread`]: (message) =>
      message.uid === rootUid() || (isLiving(message) && message.thread === rootUid()),
  }

  return {
    lists: Object.keys(lists),
    /** Stores a message, or another state of one, and returns its change. */
    write(id: number, fields: Partial<MessageDetails>): MessageDetails {
      position += 1
      const message = { ...(messages.get(id) ?? detailedMessage(position, { id })), ...fields, position }
      messages.set(id, message)
      return message
    },
    get size() {
      return messages.size
    },
    /** One page of a list; `cursor` is where it begins. */
    page(list: string, { limit, cursor }: { limit: number; cursor: number | null }): ListPage {
      const isThread = list.endsWith('/thread')
      const direction = isThread ? 1 : -1
      const rest = [...messages.values()]
        .filter(lists[list] ?? isLiving)
        .filter(({ id }) => cursor === null || direction * (id - cursor) > 0)
        .sort((one, other) => direction * (one.id - other.id))
      const found = rest.slice(0, limit).map(({ path, position: _, sync, ...message }) => message)
      const link = (id: number | undefined) => {
        const [path = '', search = ''] = list.split('?')
        const query = new URLSearchParams(search)
        query.set('limit', String(limit))
        if (id !== undefined) query.set(isThread ? 'after' : 'before', String(id))
        return { path, search: `?${query}` }
      }
      const { path, search } = link(cursor ?? undefined)
      return {
        target: path + search,
        messages: found,
        next: rest.length > limit ? link(found.at(-1)?.id).search : null,
        position: { epoch: EPOCH, position },
        isWhole: true,
      }
    },
  }
}

const isLiving = ({ deleted, format }: Message) => !deleted && format !== 'reaction'

const idsOf = ({ messages }: ListPage) => messages.map(({ id }) => id)

/** A message without what only changes have. */
const listed = ({ path, position, sync, ...message }: Partial<MessageDetails>) => message

const fields = fc.record(
  {
    sender: fc.constantFrom('ada', 'bob'),
    topic: fc.constantFrom('t', 'u'),
    content: fc.string(),
    is_synchronized: fc.boolean(),
    deleted: fc.constant(true as const),
    format: fc.constant('reaction' as const),
    thread: fc.constant(detailedMessage(0, { id: ROOT_ID }).uid),
  },
  { requiredKeys: [] },
)
/** Writes a new message, or another state of one of the first. */
const writes = fc.array(fc.tuple(fc.option(fc.nat(12), { nil: null }), fields), { maxLength: 25 })

describe('changePage()', () => {
  it('makes any page equal to that of the server, unless it says that the page is not whole', () => {
    let whole = 0
    fc.assert(
      fc.property(
        ...[
          writes,
          writes,
          fc.nat(6),
          fc.integer({ min: 1, max: 6 }),
          fc.option(fc.integer({ min: 1, max: 12 })),
        ],
        (before, after, list, limit, cursor) => {
          const server = createServer()
          const apply = ([id, changes]: (typeof before)[number]) =>
            server.write(id === null || id >= server.size ? server.size + 1 : id + 1, changes)
          for (let id = 0; id < ROOT_ID; id += 1) server.write(id + 1, {})
          before.forEach(apply)
          const target = server.lists[list] ?? ''
          const start = server.page(target, { limit, cursor })
          // The server would not know the thread of an empty page either.
          if (target.endsWith('/thread') && start.messages.length === 0) return
          const messages = after.map(apply)
          const changed = changePage(start, { epoch: EPOCH, messages })
          if (!changed.isWhole) return
          whole += 1
          const expected = server.page(target, { limit, cursor })
          expect(changed.messages.map(listed)).toEqual(expected.messages)
          expect(changed.next === null).toBe(expected.next === null)
          const nextOf = ({ next }: ListPage) => [...new URLSearchParams(next ?? '')].sort()
          expect(nextOf(changed)).toEqual(nextOf(expected))
        },
      ),
      { numRuns: 500 },
    )
    expect(whole).toBeGreaterThan(100)
  })

  const page = (limit: number): ListPage => {
    const server = createServer()
    for (let id = 1; id <= 4; id += 1) server.write(id, {})
    return server.page('messages', { limit, cursor: null })
  }
  const change = (start: ListPage, ...messages: MessageDetails[]) =>
    changePage(start, { epoch: EPOCH, messages })

  it('returns the same page if nothing of it has changed', () => {
    const start = page(2)
    expect(change(start, detailedMessage(4, { id: 4, content: 'old' }))).toBe(start)
    expect(change(start, detailedMessage(9, { id: 1, content: 'on the next page' }))).toBe(start)
    expect(change(start, detailedMessage(9, { id: 5, format: 'reaction' }))).toBe(start)
    expect(changePage(start, { epoch: 'another', messages: [detailedMessage(9, { id: 5 })] })).toBe(start)
    const unknown = { ...start, position: null }
    expect(change(unknown, detailedMessage(9, { id: 5 }))).toBe(unknown)
  })

  it('keeps the newer of two states of a message, in whatever order they come', () => {
    const [newer, older] = [8, 7].map((position) =>
      detailedMessage(position, { id: 4, content: `${position}` }),
    )
    expect(change(page(2), newer as MessageDetails, older as MessageDetails).messages[0]?.content).toBe('8')
  })

  it('is not whole when a message leaves that one of the next page replaces', () => {
    const gone = detailedMessage(9, { id: 4, deleted: true, content: null })
    expect(change(page(2), gone)).toMatchObject({ isWhole: false, messages: [{ id: 3 }] })
    expect(change(page(9), gone)).toMatchObject({ isWhole: true, next: null })
  })

  it('is not whole when a message leaves the next page, which may be empty now', () => {
    const gone = detailedMessage(9, { id: 1, deleted: true, content: null })
    expect(change(page(3), gone)).toMatchObject({
      isWhole: false,
      messages: [{ id: 4 }, { id: 3 }, { id: 2 }],
    })
  })

  it('is not whole after any change if only the server knows the list', () => {
    const start = { ...page(2), target: 'messages?q=hello' }
    const changed = change(start, detailedMessage(9, { id: 5 }))
    expect([changed.isWhole, idsOf(changed)]).toEqual([false, [4, 3]])
  })
})
