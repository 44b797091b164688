/** Returns the current time in milliseconds since 1970, as `Date.now` does. */
export type Clock = () => number

export const HOUR_MS = 60 * 60 * 1000
export const DAY_MS = 24 * HOUR_MS

/** A time as the tables hold it: RFC 3339 in UTC with milliseconds, so that it sorts as text. */
export const toTime = (milliseconds: number): string => new Date(milliseconds).toISOString()
