import type { Position } from '@gitmsg/store'
import { describe, expect, it, vi } from 'vitest'
import { createResponseCache } from './response-cache.js'

const POSITION = { epoch: 'e', position: 7 }

function openCache({ bytes = 100 } = {}) {
  const database = { revision: '1' }
  const getOrCreate = createResponseCache<{ bytes: number }>(
    { revision: async () => database.revision, position: async () => POSITION },
    (response) => response.bytes < 1_000,
  )
  const create = vi.fn(async (_position: Position, _signal: AbortSignal) => ({ bytes }))
  const never = new AbortController().signal
  return { database, create, get: (key = 'limit=10', signal = never) => getOrCreate(key, create, signal) }
}

describe('the response cache', () => {
  it('creates one response for concurrent and later requests with the same key', async () => {
    const { get, create } = openCache()
    const responses = await Promise.all([get(), get()])
    expect([...responses, await get()]).toEqual([responses[0], responses[0], responses[0]])
    expect(create).toHaveBeenCalledTimes(1)
    expect(create.mock.calls[0]?.[0]).toEqual(POSITION)

    await get('limit=20')
    expect(create).toHaveBeenCalledTimes(2)
  })

  it('creates a new response after a write', async () => {
    const { get, create, database } = openCache()
    await get()
    database.revision = '2'
    await get()
    expect(create).toHaveBeenCalledTimes(2)
  })

  it('does not keep a response that is not cacheable', async () => {
    const { get, create } = openCache({ bytes: 3_000 })
    await get()
    await get()
    expect(create).toHaveBeenCalledTimes(2)
  })

  it('does not keep a response that could not be created', async () => {
    const { get, create } = openCache()
    create.mockRejectedValueOnce(new Error('busy'))
    await expect(get()).rejects.toThrow('busy')
    await expect(get()).resolves.toEqual({ bytes: 100 })
  })

  it('evicts the oldest response after 32 others', async () => {
    const { get, create } = openCache()
    await get('first')
    for (let number = 0; number < 32; number += 1) await get(`${number}`)
    expect(create).toHaveBeenCalledTimes(33)
    await get('31')
    expect(create).toHaveBeenCalledTimes(33)
    await get('first')
    expect(create).toHaveBeenCalledTimes(34)
  })

  it('aborts a response once every request for it has left, and creates another for the next', async () => {
    const { get, create } = openCache()
    const signals: AbortSignal[] = []
    create.mockImplementation(
      (_position, signal) =>
        new Promise((_resolve, reject) => {
          signals.push(signal)
          signal.addEventListener('abort', () => reject(new Error('aborted')))
        }),
    )
    const [one, other] = [new AbortController(), new AbortController()]
    const responses = [get('search', one.signal), get('search', other.signal)]
    for (const response of responses) response.catch(() => {})
    await vi.waitFor(() => expect(signals).toHaveLength(1))
    await Promise.resolve()
    one.abort()
    expect(signals[0]?.aborted).toBe(false)

    const third = new AbortController()
    responses.push(get('search', third.signal))
    await new Promise(setImmediate)
    other.abort()
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    third.abort()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect((await Promise.allSettled(responses)).map(({ status }) => status)).toEqual(
      Array(3).fill('rejected'),
    )

    create.mockImplementation(async () => ({ bytes: 100 }))
    await expect(get('search')).resolves.toEqual({ bytes: 100 })
  })

  it('aborts at once if its only request has left already', async () => {
    const { get, create } = openCache()
    create.mockImplementation(async (_position, signal) => {
      await new Promise(setImmediate)
      signal.throwIfAborted()
      return { bytes: 100 }
    })
    await expect(get('search', AbortSignal.abort(new Error('left')))).rejects.toThrow()
    create.mockImplementation(async () => ({ bytes: 100 }))
    await expect(get('search')).resolves.toEqual({ bytes: 100 })
  })

  it('does not abort a response that is complete', async () => {
    const { get, create } = openCache()
    const controller = new AbortController()
    await get('search', controller.signal)
    controller.abort()
    await get('search')
    expect(create).toHaveBeenCalledTimes(1)
    expect(create.mock.calls[0]?.[1].aborted).toBe(false)
  })
})
