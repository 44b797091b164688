/** GitHub's reads lag behind its writes, by up to half a minute as people have seen. */
const LONGEST_LAG = 60_000

/** Decides when to believe a branch that seems to have gone back. */
export interface Staleness {
  /** Whether it has seemed so for longer than any lag. */
  isCredible(): boolean
  /** It no longer seems so. */
  forget(): void
}

/** Believes nothing of the kind for a minute. */
export function createStaleness(clock: () => number): Staleness {
  let since: number | null = null
  return {
    isCredible() {
      since ??= clock()
      return clock() - since > LONGEST_LAG
    },
    forget() {
      since = null
    },
  }
}
