import { describe, expect, it } from 'vitest'
import type { Accounts } from '../../accounts.js'
import { DAY_MS } from '../../clock.js'
import type { NewHeldPost } from '../../moderation/held.js'
import {
  ACTOR,
  createPerson,
  expectError,
  type OpenAccountsFixture,
  START_MS,
  withFixture,
} from '../accounts-fixture.js'

const POST: NewHeldPost = { handle: 'ada', post: '{"content":"Hi"}', uid: 'uid-1', reason: 'newcomer' }

const hold = (accounts: Accounts, uid: string, fields: Partial<NewHeldPost> = {}) =>
  accounts.held.hold({ ...POST, uid, ...fields })

/** Held posts, reports and daily quotas. */
export function describeModeration(open: OpenAccountsFixture): void {
  describe('held posts', () => {
    it(
      'approve() and approved() publish a post: it leaves the list, counts for its account, and is audited',
      withFixture(open, async ({ accounts }) => {
        const { token } = await createPerson(accounts, 'ada')
        const { id } = await hold(accounts, 'uid-1')
        const waiting = { id, ...POST, key: null, held_at: '2025-01-09T00:00:00.000Z' }
        expect(await accounts.held.list()).toEqual([{ ...waiting, decided_by: null }])
        expect(await accounts.held.approve(id, 'mod')).toEqual({ ...waiting, decided_by: 'mod' })
        expect(await accounts.held.listApproving()).toEqual([{ ...waiting, decided_by: 'mod' }])
        expect(await accounts.held.reject(id, 'bob')).toBe(false)
        await accounts.held.approved({ id, decided_by: 'mod' })
        await accounts.held.approved({ id, decided_by: 'mod' })
        expect([await accounts.held.list(), await accounts.held.listApproving()]).toEqual([[], []])
        expect((await accounts.authenticate(token))?.posts).toBe(1)
        const [act] = await accounts.audit.list({ limit: 1 })
        expect(act).toMatchObject({ actor: 'mod', action: 'post.approve', target: 'ada', detail: 'uid-1' })
        expect(await accounts.held.approve(id, 'mod')).toBeNull()
      }),
    )

    it(
      'notApproved() puts a post back, and reject() removes it',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        const { id } = await hold(accounts, 'uid-1')
        await accounts.held.approve(id, 'mod')
        await accounts.held.notApproved(id)
        expect(await accounts.held.list()).toMatchObject([{ id, decided_by: null }])
        expect(await accounts.held.reject(id, 'mod')).toBe(true)
        expect(await accounts.held.reject(id, 'mod')).toBe(false)
        expect(await accounts.held.list()).toEqual([])
        expect((await accounts.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'post.reject' })
      }),
    )

    it(
      'approved() counts although another server has taken the approval back, and the post was rejected meanwhile',
      withFixture(open, async ({ accounts }) => {
        const { token } = await createPerson(accounts, 'ada')
        const { id } = await hold(accounts, 'uid-1')
        await accounts.held.approve(id, 'mod')
        await accounts.held.approve(id, 'max')
        await accounts.held.notApproved(id)
        await accounts.held.reject(id, 'bob')
        await accounts.held.approved({ id, decided_by: 'mod' })
        await accounts.held.notApproved(id)
        expect(await accounts.held.list()).toEqual([])
        expect((await accounts.authenticate(token))?.posts).toBe(1)
        const acts = await accounts.audit.list({ limit: 2 })
        expect(acts).toMatchObject([
          { action: 'post.approve', actor: 'mod' },
          { action: 'post.reject', actor: 'bob' },
        ])
      }),
    )

    it(
      'the same key and post is held once, also for a day after it was decided',
      withFixture(open, async ({ accounts, setTime }) => {
        await createPerson(accounts, 'ada')
        await createPerson(accounts, 'bob')
        const idempotency = { key: 'k', fingerprint: 'f' }
        const first = await hold(accounts, 'uid-1', { idempotency })
        expect(await hold(accounts, 'uid-2', { idempotency })).toEqual({ ...first, created: false })
        expect(await accounts.held.findByKey('ada', 'k')).toEqual({ id: first.id, fingerprint: 'f' })
        expect(await accounts.held.findByKey('bob', 'k')).toBeNull()
        const other = { idempotency: { key: 'k', fingerprint: 'g' } }
        await expectError(hold(accounts, 'uid-3', other), 'idempotency-key-reused')
        expect((await hold(accounts, 'uid-4', { ...other, handle: 'bob' })).created).toBe(true)
        await accounts.held.reject(first.id, 'mod')
        setTime(START_MS + DAY_MS - 1)
        expect(await hold(accounts, 'uid-5', { idempotency })).toEqual({ ...first, created: false })
        setTime(START_MS + DAY_MS)
        expect((await hold(accounts, 'uid-6', { idempotency })).created).toBe(true)
      }),
    )

    it(
      'at most 20 posts of an account wait',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        await createPerson(accounts, 'bob')
        for (let number = 0; number < 20; number += 1) await hold(accounts, `uid-${number}`)
        await expectError(hold(accounts, 'more'), 'too-many')
        await hold(accounts, 'of another', { handle: 'bob' })
        const [first] = await accounts.held.list({ limit: 1 })
        await accounts.held.reject(first?.id ?? 0, 'mod')
        await hold(accounts, 'more')
        expect(await accounts.held.list({ after: first?.id ?? 0, limit: 20 })).toHaveLength(20)
      }),
    )

    it(
      'posts that no moderator decides about are deleted after 30 days, those being approved are not',
      withFixture(open, async ({ accounts, setTime }) => {
        await createPerson(accounts, 'ada')
        await hold(accounts, 'uid-1')
        const { id } = await hold(accounts, 'uid-2')
        await accounts.held.approve(id, 'mod')
        setTime(START_MS + 30 * DAY_MS)
        await hold(accounts, 'uid-3')
        expect((await accounts.held.list()).map(({ uid }) => uid)).toEqual(['uid-2', 'uid-3'])
      }),
    )
  })

  describe('reports', () => {
    it(
      'add() reports a subject once for each account, until the report is closed',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        await createPerson(accounts, 'bob')
        const report = await accounts.reports.add({ subject: 'uid-1', handle: 'ada', reason: 'Spam' })
        expect(report).toMatchObject({ subject: 'uid-1', handle: 'ada', reason: 'Spam' })
        expect(await accounts.reports.add({ subject: 'uid-1', handle: 'ada' })).toEqual(report)
        await accounts.reports.add({ subject: 'uid-1', handle: 'bob' })
        expect(await accounts.reports.list()).toHaveLength(2)
        expect(await accounts.reports.close(report.id, 'mod')).toBe(true)
        expect(await accounts.reports.close(report.id, 'mod')).toBe(false)
        expect(await accounts.reports.list()).toMatchObject([{ handle: 'bob', reason: null }])
        await expectError(
          accounts.reports.add({ subject: 'uid-2', handle: 'ada', reason: 'a'.repeat(501) }),
          'invalid-argument',
        )
      }),
    )

    it(
      'at most 20 reports of an account are open',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        const add = (subject: string) => accounts.reports.add({ subject, handle: 'ada' })
        for (let number = 0; number < 20; number += 1) await add(`uid-${number}`)
        await expectError(add('more'), 'too-many')
      }),
    )
  })

  describe('daily posts', () => {
    it(
      'take() counts posts of an account until the limit of the day, and again on the next day',
      withFixture(open, async ({ accounts, other, setTime }) => {
        await createPerson(accounts, 'ada')
        await createPerson(accounts, 'bob')
        const take = () => accounts.dailyPosts.take('ada', 2)
        expect([await take(), await take(), await take()]).toEqual([
          { allowed: true, remaining: 1 },
          { allowed: true, remaining: 0 },
          { allowed: false, remaining: 0 },
        ])
        expect((await (await other()).dailyPosts.take('ada', 2)).allowed).toBe(false)
        expect((await accounts.dailyPosts.take('bob', 2)).allowed).toBe(true)
        await accounts.dailyPosts.giveBack('ada')
        expect((await take()).allowed).toBe(true)
        setTime(START_MS + DAY_MS)
        expect(await take()).toEqual({ allowed: true, remaining: 1 })
      }),
    )
  })

  describe('the audit', () => {
    it(
      'lists what was done, newest first, in pages',
      withFixture(open, async ({ accounts }) => {
        await accounts.audit.record({
          actor: 'ada',
          action: 'message.delete',
          target: 'uid-1',
          detail: 'bob',
        })
        await accounts.create({ handle: 'ada', actor: ACTOR })
        const [second, first] = await accounts.audit.list()
        expect(first).toEqual({
          ...{ number: 1, at: '2025-01-09T00:00:00.000Z', actor: 'ada', action: 'message.delete' },
          ...{ target: 'uid-1', detail: 'bob' },
        })
        expect(await accounts.audit.list({ limit: 1 })).toEqual([second])
        expect(await accounts.audit.list({ before: second?.number ?? 0 })).toEqual([first])
        await expectError(accounts.audit.record({ actor: '', action: 'x' }), 'invalid-argument')
      }),
    )
  })
}
