import { expect, it } from 'vitest'
import { createRevision } from './revision.js'

/** A database whose responses the test gives, one after the other. */
function createDatabase() {
  const asked: { resolve(revision: string): void; reject(error: Error): void }[] = []
  const ask = () => new Promise<string>((resolve, reject) => asked.push({ resolve, reject }))
  return { asked, ...createRevision(ask) }
}

it('reads at once share one look at the database, and later ones use it again', async () => {
  const { asked, read } = createDatabase()
  const reads = [read(), read()]
  asked[0]?.resolve('1')
  expect([...(await Promise.all(reads)), await read()]).toEqual(['1', '1', '1'])
  expect(asked).toHaveLength(1)
})

it('a read after a write of this process does not use what was asked before it', async () => {
  const { asked, read, forget } = createDatabase()
  const before = read()
  forget()
  const after = read()
  asked[1]?.resolve('2')
  asked[0]?.resolve('1')
  expect([await before, await after, await read()]).toEqual(['1', '2', '2'])
})

it('a failed look is not remembered', async () => {
  const { asked, read } = createDatabase()
  const first = read()
  asked[0]?.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  const second = read()
  asked[1]?.resolve('1')
  expect(await second).toBe('1')
})
