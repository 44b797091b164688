import { expect, it, vi } from 'vitest'
import { createKeptAnswers } from './response-cache.js'

function keepAnswers({ bytes = 100 } = {}) {
  const database = { revision: '1' }
  const keptAnswers = createKeptAnswers<{ bytes: number }>(
    { revision: async () => database.revision },
    (answer) => answer.bytes < 1_000,
  )
  const make = vi.fn(async () => ({ bytes }))
  return { database, make, ask: (question = 'limit=10') => keptAnswers(question, make) }
}

it('is made once for those who ask the same, at once and later', async () => {
  const { ask, make } = keepAnswers()
  const answers = await Promise.all([ask(), ask()])
  expect([...answers, await ask()]).toEqual([answers[0], answers[0], answers[0]])
  expect(make).toHaveBeenCalledTimes(1)

  await ask('limit=20')
  expect(make).toHaveBeenCalledTimes(2)
})

it('is made again after a write', async () => {
  const { ask, make, database } = keepAnswers()
  await ask()
  database.revision = '2'
  await ask()
  expect(make).toHaveBeenCalledTimes(2)
})

it('is not kept when it is not worth it', async () => {
  const { ask, make } = keepAnswers({ bytes: 3_000 })
  await ask()
  await ask()
  expect(make).toHaveBeenCalledTimes(2)
})

it('is not kept when it could not be made', async () => {
  const { ask, make } = keepAnswers()
  make.mockRejectedValueOnce(new Error('busy'))
  await expect(ask()).rejects.toThrow('busy')
  await expect(ask()).resolves.toEqual({ bytes: 100 })
})

it('is forgotten when many others were asked for since', async () => {
  const { ask, make } = keepAnswers()
  await ask('first')
  for (let number = 0; number < 32; number += 1) await ask(`${number}`)
  expect(make).toHaveBeenCalledTimes(33)
  await ask('31')
  expect(make).toHaveBeenCalledTimes(33)
  await ask('first')
  expect(make).toHaveBeenCalledTimes(34)
})
