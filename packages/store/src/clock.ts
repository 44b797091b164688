/** Returns the current time in milliseconds since 1970, as `Date.now` does. */
export type Clock = () => number

/** A time as the tables hold it: RFC 3339 in UTC with milliseconds. */
export const toTime = (milliseconds: number): string => new Date(milliseconds).toISOString()
