import { describe, expect, it } from 'vitest'
import { openNode } from '../testing/open-node.js'
import { searchMessages } from './search-messages.js'

describe('searchMessages()', () => {
  it('finds messages with their reactions and snippets, newest first', async () => {
    await using node = await openNode()
    const { uid } = await node.post('The deploy failed', { topic: 'deploys' })
    await node.post('👍', { sender: 'bob', format: 'reaction', reply_to: uid })
    await node.post('deploy again')
    const { found, next } = await searchMessages(node.store, { q: 'DEPLOY' })
    expect(found.map(({ message }) => message.content)).toEqual(['deploy again', 'The deploy failed'])
    expect(found[1]?.message).toMatchObject({ uid, topic: 'deploys', reactions: { '👍': ['bob'] } })
    expect(found[1]?.snippet).toEqual([
      { text: 'The ', match: false },
      { text: 'deploy', match: true },
      { text: ' failed', match: false },
    ])
    expect(next).toBeNull()
  })

  it('returns the query of the next page, which has all conditions', async () => {
    await using node = await openNode()
    for (let number = 1; number <= 5; number += 1) await node.post(`apple ${number}`, { topic: 'fruits' })
    const query = { q: 'apple', topic: 'fruits', limit: 2 }
    const { found, next } = await searchMessages(node.store, query)
    expect(found).toHaveLength(2)
    expect(next).toEqual({ ...query, before: 4 })
    expect((await searchMessages(node.store, { q: 'apple', sort: 'relevance', limit: 2 })).next).toBeNull()
  })

  it.each(['', ' ', '*', '-apple', '""', '👍', '\0'])('finds nothing for %j', async (q) => {
    await using node = await openNode()
    await node.post('apple 👍')
    expect(await searchMessages(node.store, { q })).toEqual({ found: [], next: null })
  })

  it.each([
    [{}, 'invalid-query', 'q'],
    [{ q: 5 }, 'invalid-query', 'q'],
    [{ q: '\ud800' }, 'invalid-query', 'q'],
    [{ q: 'x'.repeat(257) }, 'too-long', 'q'],
    [{ q: '😀'.repeat(257) }, 'too-long', 'q'],
    [{ q: 'a', sort: 'oldest' }, 'invalid-query', 'sort'],
    [{ q: 'a', limit: 0 }, 'invalid-query', 'limit'],
    [{ q: 'a', after: 1 }, 'invalid-query', undefined],
    [{ q: 'a', before: 0 }, 'invalid-cursor', 'before'],
    [{ q: 'a', since: 'yesterday' }, 'invalid-cursor', 'since'],
    [{ q: 'a', thread: '' }, 'invalid-query', 'thread'],
    ['a', 'invalid-query', undefined],
  ])('rejects an invalid query: %j', async (query, code, field) => {
    await using node = await openNode()
    const call = searchMessages(node.store, query as { q: string })
    await expect(call).rejects.toMatchObject({ name: 'ValidationError', code, field })
  })

  it('accepts 256 characters, however they are encoded', async () => {
    await using node = await openNode()
    expect((await searchMessages(node.store, { q: '𝔘'.repeat(256) })).found).toEqual([])
  })
})
