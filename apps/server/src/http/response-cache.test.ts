import { describe, expect, it, vi } from 'vitest'
import { createResponseCache } from './response-cache.js'

function openCache({ bytes = 100 } = {}) {
  const database = { revision: '1' }
  const getOrCreate = createResponseCache<{ bytes: number }>(
    { revision: async () => database.revision },
    (response) => response.bytes < 1_000,
  )
  const create = vi.fn(async () => ({ bytes }))
  return { database, create, get: (key = 'limit=10') => getOrCreate(key, create) }
}

describe('the response cache', () => {
  it('creates one response for concurrent and later requests with the same key', async () => {
    const { get, create } = openCache()
    const responses = await Promise.all([get(), get()])
    expect([...responses, await get()]).toEqual([responses[0], responses[0], responses[0]])
    expect(create).toHaveBeenCalledTimes(1)

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
})
