const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** How long before or after `now` a moment is, in words: `now`, `12 s ago`, `in 3 min`; a date when over a week. */
export function relativeTime(moment: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - moment.getTime()) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 2) return 'now'
  if (distance > 7 * DAY) return dateFormat.format(moment)
  const words = inLargestUnit(distance)
  return seconds > 0 ? `${words} ago` : `in ${words}`
}

function inLargestUnit(seconds: number): string {
  if (seconds < MINUTE) return `${seconds} s`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`
  return `${Math.floor(seconds / DAY)} d`
}
