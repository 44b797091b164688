/** How much of a quota is used, and when there is more. */
export interface Usage {
  readonly policy: Pick<Policy, 'name' | 'quota' | 'seconds'>
  readonly isAllowed: boolean
  /** How many units are left. */
  readonly remaining: number
  /** Milliseconds until the quota is whole again. */
  readonly resetMs: number
  /** Milliseconds until what was rejected would be allowed. */
  readonly retryMs: number
}

/** A limit, counted for each of its keys. */
export interface Policy {
  /** What the `RateLimit` headers call it. */
  readonly name: string
  /** At most this many units */
  readonly quota: number
  /** in this time. */
  readonly seconds: number
  /** Takes units from the quota of a key, unless it has too few. */
  take(key: string, units?: number): Usage
  /** Takes back units that turned out not to count. */
  giveBack(key: string): void
}

/** What a policy is made of. */
export interface PolicyOptions extends Pick<Policy, 'name' | 'quota' | 'seconds'> {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

/** Above this number the key that was used longest ago is forgotten, so that strangers cannot fill the memory. */
const MAX_KEYS = 100_000

/**
 * At most `quota` units in each window, which begins with the first unit: the limit that an operator can reckon with.
 */
export function createWindowPolicy({ monotonic, ...limit }: PolicyOptions): Policy {
  const windows = createRecentMap<{ readonly endsAt: number; used: number }>(MAX_KEYS)
  const { quota, seconds } = limit

  const policy: Policy = {
    ...limit,
    take(key, units = 1) {
      const now = monotonic()
      const current = windows.get(key)
      const isOpen = current !== undefined && now < current.endsAt
      const window = isOpen ? current : { endsAt: now + 1000 * seconds, used: 0 }
      const isAllowed = window.used + units <= quota
      if (isAllowed) window.used += units
      windows.set(key, window)
      const resetMs = window.endsAt - now
      return { policy, isAllowed, remaining: quota - window.used, resetMs, retryMs: resetMs }
    },
    giveBack(key) {
      const window = windows.get(key)
      if (window && window.used > 0) window.used -= 1
    },
  }
  return policy
}

/**
 * `quota` units at once, which come back one by one, evenly over `seconds`: bursts pass, a flood does not, and there is
 * no border at which twice the quota fits (generic cell rate algorithm).
 */
export function createBucketPolicy({ monotonic, ...limit }: PolicyOptions): Policy {
  /** When the quota of a key is whole again. */
  const wholeAt = createRecentMap<number>(MAX_KEYS)
  const { quota, seconds } = limit
  const unitMs = (1000 * seconds) / quota

  const policy: Policy = {
    ...limit,
    take(key, units = 1) {
      const now = monotonic()
      const before = Math.max(wholeAt.get(key) ?? now, now)
      const after = before + units * unitMs
      const excessMs = after - now - quota * unitMs
      // Sums of fractions are never exact.
      const isAllowed = excessMs < 0.5
      const resetMs = (isAllowed ? after : before) - now
      wholeAt.set(key, now + resetMs)
      const remaining = Math.max(0, Math.floor(quota - resetMs / unitMs + 0.001))
      return { policy, isAllowed, remaining, resetMs, retryMs: Math.max(0, excessMs) }
    },
    giveBack(key) {
      const time = wholeAt.get(key)
      if (time !== undefined) wholeAt.set(key, time - unitMs)
    },
  }
  return policy
}

/** A map that forgets the entry that was set longest ago when it has too many. */
export interface RecentMap<Value> {
  readonly size: number
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

export function createRecentMap<Value>(limit: number): RecentMap<Value> {
  const entries = new Map<string, Value>()
  return {
    get size() {
      return entries.size
    },
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= limit) return
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    },
    delete: (key) => void entries.delete(key),
  }
}
