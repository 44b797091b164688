const HOURS = String.raw`(?:[01]\d|2[0-3])`
const DATE = String.raw`(\d{4})-(\d{2})-(\d{2})`
const RFC_3339 = String.raw`^${DATE}[Tt]${HOURS}:[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-]${HOURS}:[0-5]\d)$`

/** A timestamp as JSON Schema; that the year in UTC is 0000 to 9999 cannot be expressed there. */
export const TIMESTAMP_RULES = {
  format: 'date-time',
  pattern: RFC_3339,
  examples: ['2025-01-09T00:06:41Z'],
}

const PATTERN = new RegExp(RFC_3339)
const LEAP_SECOND = /^[\d-]+[Tt]\d{2}:\d{2}:60/
const NORMALIZED_LENGTH = '2025-01-09T00:06:41.000Z'.length

/**
 * Converts an RFC 3339 timestamp to the one form that is stored: UTC with milliseconds, e.g.
 * `2025-01-09T00:06:41.000Z`. Returns `null` if it is not a timestamp of the years 0000 to 9999.
 */
export function normalizeTimestamp(text: string): string | null {
  const parts = PATTERN.exec(text)
  if (!parts) return null
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  // Date turns 30 February into 2 March.
  if (day > daysInMonth(year, month)) return null
  const time = new Date(text.toUpperCase())
  if (Number.isNaN(time.getTime())) return null
  const normalized = time.toISOString()
  return normalized.length === NORMALIZED_LENGTH ? normalized : null
}

/** The sentence for a text that {@link normalizeTimestamp} rejected. */
export function describeTimestampProblem(text: string): string {
  return LEAP_SECOND.test(text)
    ? 'A time must not be a leap second (60): times are stored in UTC as computers count it, without leap seconds.'
    : 'A time must be RFC 3339, for example 2025-01-09T00:06:41Z.'
}

function daysInMonth(year: number, month: number): number {
  const lastDay = new Date(0)
  lastDay.setUTCFullYear(year, month, 0)
  return lastDay.getUTCDate()
}
