const HOURS = String.raw`(?:[01]\d|2[0-3])`
const DATE = String.raw`(\d{4})-(\d{2})-(\d{2})`
const RFC_3339 = String.raw`^${DATE}[Tt]${HOURS}:[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-]${HOURS}:[0-5]\d)$`

/** A time as JSON Schema says it; the years of UTC, 0000 to 9999, are beyond its words. */
export const TIMESTAMP_RULES = {
  format: 'date-time',
  pattern: RFC_3339,
  examples: ['2025-01-09T00:06:41Z'],
}

const PATTERN = new RegExp(RFC_3339)

/**
 * Reads an RFC 3339 time into the one form that is stored: UTC with milliseconds, e.g.
 * `2025-01-09T00:06:41.000Z`. `null` where it is not a time of the years 0000 to 9999.
 */
export function normalizeTimestamp(text: string): string | null {
  const parts = PATTERN.exec(text)
  if (!parts) return null
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  // Date moves 30 February into March: another time than was written.
  if (day > daysInMonth(year, month)) return null
  const time = new Date(text.toUpperCase())
  if (Number.isNaN(time.getTime())) return null
  const normalized = time.toISOString()
  return normalized.length === 24 ? normalized : null
}

function daysInMonth(year: number, month: number): number {
  const lastDay = new Date(0)
  lastDay.setUTCFullYear(year, month, 0)
  return lastDay.getUTCDate()
}
