const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/**
 * Reads an RFC 3339 time into the one form that is stored: UTC with milliseconds, e.g.
 * `2025-01-09T00:06:41.000Z`. `null` where it is not a time of the years 0000 to 9999.
 */
export function normalizeTimestamp(text: string): string | null {
  const parts = RFC_3339.exec(text.toUpperCase())
  if (!parts) return null
  const [year, month, day, hour] = parts.slice(1).map(Number) as [number, number, number, number]
  // Date accepts 24:00 and moves 30 February into March: both are another time than was written.
  if (hour > 23 || day > daysInMonth(year, month)) return null
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
