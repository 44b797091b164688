/** The time now, in milliseconds since 1970: `Date.now` and what stands in for it in tests. */
export type Clock = () => number

/** A point in time the way the tables have it: RFC 3339, UTC, with milliseconds. */
export const toTime = (milliseconds: number): string => new Date(milliseconds).toISOString()
