import { checkInteger } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'

/** How much of the day's posts of an account is left. */
export interface DailyUsage {
  /** Whether the post was counted. */
  readonly allowed: boolean
  /** How many more there may be today. */
  readonly remaining: number
}

/** The posts of each account on this day (UTC). They are stored, so that a restart does not begin another day. */
export interface DailyPosts {
  /** Counts a post unless the account has had `limit` today. */
  take(handle: string, limit: number): Promise<DailyUsage>
  /** Takes back one that was not published. */
  giveBack(handle: string): Promise<void>
}

const DAY_LENGTH = '2025-01-09'.length

export function createDailyPosts(database: Database, clock: Clock): DailyPosts {
  const today = () => toTime(clock()).slice(0, DAY_LENGTH)

  return {
    async take(handle, limit) {
      checkInteger('limit', limit, { min: 1, max: 1_000_000 })
      const day = today()
      return database.write(async (transaction) => {
        const row = await transaction
          .selectFrom('daily_posts')
          .select('posts')
          .where('handle', '=', handle)
          .where('day', '=', day)
          .executeTakeFirst()
        const used = row?.posts ?? 0
        if (used >= limit) return { allowed: false, remaining: 0 }
        const posts = used + 1
        await transaction
          .insertInto('daily_posts')
          .values({ handle, day, posts })
          .onConflict((conflict) => conflict.column('handle').doUpdateSet({ day, posts }))
          .execute()
        return { allowed: true, remaining: limit - posts }
      })
    },

    async giveBack(handle) {
      await database.write((transaction) =>
        transaction
          .updateTable('daily_posts')
          .set((expression) => ({ posts: expression('posts', '-', 1) }))
          .where('handle', '=', handle)
          .where('day', '=', today())
          .where('posts', '>', 0)
          .execute(),
      )
    },
  }
}
