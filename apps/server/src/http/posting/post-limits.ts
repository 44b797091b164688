import type { Accounts, Grant } from '@gitmsg/accounts'
import type { Context } from 'koa'
import type { AccountsConfig, SlowMode } from '../../config/server-config.js'
import { createBucketPolicy, type Policy } from '../../limits/policies.js'
import { applyUsage } from '../middleware/guards/rate-limit.js'

/** A burst of posts passes, then one in a second. */
const BURST = 20
const DAY_SECONDS = 86_400
const DAY_MS = 1000 * DAY_SECONDS
const ANY_TOPIC = '*'
const SLOW = 'This topic is in slow mode: wait before you post again.'
const DAILY = 'You have posted as often as is allowed on one day.'

/** How much people may post. Services and tokens of the tokens file have only the limit of all requests. */
export interface PostLimits {
  /** @throws {HttpError} `rate_limited` */
  admitPost(context: Context, post: { account: Grant; topic: string | null }): Promise<void>
  /** Takes back a post that was not accepted, for the quota of the day. */
  giveBack(account: Grant): Promise<void>
  /**
   * The same for an edit or a deletion, which is a commit, too.
   *
   * @throws {HttpError} `rate_limited`
   */
  admitChange(context: Context, account: Grant): void
}

export interface PostLimitsOptions extends Pick<AccountsConfig, 'slowMode' | 'dailyPosts'> {
  readonly accounts: Pick<Accounts, 'dailyPosts'>
  readonly monotonic: () => number
  readonly clock: () => number
}

export function createPostLimits(options: PostLimitsOptions): PostLimits {
  const { accounts, slowMode, dailyPosts, monotonic, clock } = options
  const burst = { quota: BURST, seconds: BURST, monotonic }
  const posts = createBucketPolicy({ name: 'post', ...burst })
  const changes = createBucketPolicy({ name: 'change', ...burst })
  const slow = createSlowPolicies(slowMode, monotonic)

  return {
    async admitPost(context, { account, topic }) {
      const { handle, kind, role } = account
      if (kind === 'service') return
      applyUsage(context, posts.take(handle))
      const isModerator = role === 'moderator' || role === 'admin'
      const policy = isModerator ? undefined : slow(topic)
      if (policy) applyUsage(context, policy.take(JSON.stringify([handle, topic])), SLOW)
      if (dailyPosts === 0) return
      const { allowed: isAllowed, remaining } = await accounts.dailyPosts.take(handle, dailyPosts)
      const resetMs = DAY_MS - (clock() % DAY_MS)
      const daily = { name: 'daily', quota: dailyPosts, seconds: DAY_SECONDS }
      applyUsage(context, { policy: daily, isAllowed, remaining, resetMs, retryMs: resetMs }, DAILY)
    },
    async giveBack({ handle, kind }) {
      if (kind === 'person' && dailyPosts > 0) await accounts.dailyPosts.giveBack(handle)
    },
    admitChange(context, { handle, kind }) {
      if (kind === 'person') applyUsage(context, changes.take(handle))
    },
  }
}

/** The policy of a topic, if it is in slow mode. */
function createSlowPolicies(
  slowMode: SlowMode,
  monotonic: () => number,
): (topic: string | null) => Policy | undefined {
  const policies = new Map(
    [...slowMode].map(([topic, seconds]) => [
      topic,
      createBucketPolicy({ name: 'slow', quota: 1, seconds, monotonic }),
    ]),
  )
  return (topic) => (topic === null ? undefined : policies.get(topic)) ?? policies.get(ANY_TOPIC)
}
