import { findPostgres } from '@gitmsg/test-postgres'
import { afterAll, describe, expect, it } from 'vitest'
import type { Accounts } from '../index.js'
import { CHEAP, createPerson, expectError, outcomesOf, PASSWORD } from '../testing/accounts-fixture.js'
import { createAccountsDatabases } from '../testing/postgres-databases.js'
import { openPostgresAccounts } from './index.js'

const server = await findPostgres()

/** What two servers do at once, on one database. */
describe.skipIf(server === null)('of two servers on one PostgreSQL', () => {
  const databases = createAccountsDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  async function openTwo() {
    const url = await databases.take()
    const open = () => openPostgresAccounts({ url, passwordCost: CHEAP, busyTimeout: 30_000 })
    const [one, other] = [await open(), await open()]
    return {
      ...{ one, other, url },
      /** Makes calls of both in turn, all at once, and resolves with how often each outcome occurred. */
      async race(count: number, call: (accounts: Accounts, number: number) => Promise<unknown>) {
        const calls = Array.from({ length: count }, (_, number) => call(number % 2 ? other : one, number))
        return countOf(await outcomesOf(calls))
      },
      async [Symbol.asyncDispose]() {
        await Promise.all([one.close(), other.close()])
        await databases.giveBack(url)
      },
    }
  }

  it('one creates a handle, or one that looks like it', async () => {
    await using test = await openTwo()
    const handles = ['alice0', 'a1ice0', 'aliceo', 'alice0']
    const create = (accounts: Accounts, number: number) =>
      accounts.create({ handle: handles[number] ?? '', actor: 'setup' })
    expect(await test.race(4, create)).toEqual({ done: 1, 'handle-taken': 3 })
    expect(await test.one.list()).toHaveLength(1)
  })

  it('one uses a link that resets a password', async () => {
    await using test = await openTwo()
    await createPerson(test.one, 'ada')
    const { secret: link } = await test.one.links.createReset('ada', { actor: 'setup' })
    const reset = (accounts: Accounts) => accounts.reset({ link, password: PASSWORD })
    expect(await test.race(8, reset)).toEqual({ done: 1, 'invalid-link': 7 })
    expect(await test.one.tokens.list({ handle: 'ada' })).toHaveLength(1)
  })

  it('one uses the proof of an identity', async () => {
    await using test = await openTwo()
    const identity = { issuer: 'https://id.example.org', subject: '1' }
    const { secret } = await test.one.links.proveIdentity(identity)
    const join = (accounts: Accounts, number: number) =>
      accounts.join({ link: null, handle: `person-${number}`, identity: secret })
    expect(await test.race(6, join)).toEqual({ done: 1, 'invalid-link': 5 })
    expect(await test.one.list()).toHaveLength(1)
  })

  it('one keeps the last admin when each takes the role from another', async () => {
    await using test = await openTwo()
    for (const handle of ['ada', 'bob']) await test.one.create({ handle, role: 'admin', actor: 'setup' })
    const demote = (accounts: Accounts, number: number) =>
      number === 0
        ? accounts.change('ada', { role: 'member', actor: 'bob' })
        : accounts.change('bob', { disabled: true, actor: 'ada' })
    for (let round = 0; round < 8; round += 1) {
      expect(await test.race(2, demote)).toEqual({ done: 1, 'last-admin': 1 })
      await test.one.change('ada', { role: 'admin', actor: 'setup' })
      await test.other.change('bob', { disabled: false, actor: 'setup' })
    }
  })

  it('both hold no more posts, take no more of a day, and open no more reports than there is room for', async () => {
    await using test = await openTwo()
    await createPerson(test.one, 'ada')
    const hold = (accounts: Accounts, number: number) =>
      accounts.held.hold({ handle: 'ada', post: 'x', uid: `uid-${number}`, reason: 'r' })
    expect(await test.race(30, hold)).toEqual({ done: 20, 'too-many': 10 })
    const report = (accounts: Accounts, number: number) =>
      accounts.reports.add({ handle: 'ada', subject: `uid-${number}` })
    expect(await test.race(30, report)).toEqual({ done: 20, 'too-many': 10 })
    const takes = Array.from({ length: 20 }, (_, number) =>
      (number % 2 ? test.one : test.other).dailyPosts.take('ada', 10),
    )
    expect((await Promise.all(takes)).filter(({ allowed }) => allowed)).toHaveLength(10)
  })

  it('a post with one key is held once', async () => {
    await using test = await openTwo()
    await createPerson(test.one, 'ada')
    const idempotency = { key: 'k', fingerprint: 'f' }
    const holds = Array.from({ length: 10 }, (_, number) =>
      (number % 2 ? test.one : test.other).held.hold({
        ...{ handle: 'ada', post: 'x', uid: `uid-${number}`, reason: 'r', idempotency },
      }),
    )
    const outcomes = await Promise.all(holds)
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1)
  })

  it('one approves a post or the other rejects it, and its author has one published post at most', async () => {
    await using test = await openTwo()
    const { token } = await createPerson(test.one, 'ada')
    let published = 0
    for (let number = 0; number < 8; number += 1) {
      const post = { handle: 'ada', post: 'x', uid: `uid-${number}`, reason: 'r' }
      const { id } = await test.one.held.hold(post)
      const [approved, isRejected] = await Promise.all([
        test.one.held.approve(id, 'mod-1'),
        test.other.held.reject(id, 'mod-2'),
      ])
      expect([approved === null, isRejected]).toEqual([isRejected, approved === null])
      if (approved === null) continue
      published += 1
      await Promise.all(
        [test.one, test.other].map((accounts) => accounts.held.approved({ id, decided_by: 'mod' })),
      )
    }
    expect((await test.one.authenticate(token))?.posts).toBe(published)
  })

  it('the audit numbers what they do in the order in which it was done', async () => {
    await using test = await openTwo()
    const seen: number[][] = []
    let isOver = false
    const reading = (async () => {
      while (!isOver) seen.push((await test.one.audit.list({ limit: 1000 })).map(({ number }) => number))
    })()
    await test.race(60, (accounts, number) => accounts.audit.record({ actor: `a-${number}`, action: 'x' }))
    isOver = true
    await reading
    const all = (await test.one.audit.list({ limit: 1000 })).map(({ number }) => number)
    expect(all).toHaveLength(60)
    // No entry appears below one that a reader has seen.
    for (const numbers of seen) expect(numbers).toEqual(all.filter((number) => number <= (numbers[0] ?? 0)))
  })

  it('an account has 100 access tokens, whichever creates them', async () => {
    await using test = await openTwo()
    await createPerson(test.one, 'ada')
    const create = ({ tokens }: Accounts) =>
      tokens.create({ handle: 'ada', name: 'a', scopes: ['read'], days: 1, actor: 'ada' })
    expect(await test.race(110, create)).toEqual({ done: 100, 'too-many': 10 })
    await expectError(create(test.other), 'too-many')
  })
})

function countOf(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
