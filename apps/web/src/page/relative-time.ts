import { setText } from './elements.js'

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 60 * MINUTE_SECONDS
const DAY_SECONDS = 24 * HOUR_SECONDS
const MAX_RELATIVE_SECONDS = 7 * DAY_SECONDS

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** The distance of `moment` from `now`: `now`, `12 s ago`, `in 3 min`; a date if it is more than a week. */
export function relativeTime(moment: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - moment.getTime()) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 2) return 'now'
  if (distance > MAX_RELATIVE_SECONDS) return dateFormat.format(moment)
  const text = inLargestUnit(distance)
  return seconds > 0 ? `${text} ago` : `in ${text}`
}

function inLargestUnit(seconds: number): string {
  if (seconds < MINUTE_SECONDS) return `${seconds} s`
  if (seconds < HOUR_SECONDS) return `${Math.floor(seconds / MINUTE_SECONDS)} min`
  if (seconds < DAY_SECONDS) return `${Math.floor(seconds / HOUR_SECONDS)} h`
  return `${Math.floor(seconds / DAY_SECONDS)} d`
}

/** Shows an RFC 3339 time relative to now, with the exact time as tooltip. {@link refreshTimes} keeps it current. */
export function showTime(element: HTMLTimeElement, moment: string): void {
  if (element.dateTime !== moment) {
    element.dateTime = moment
    element.title = new Date(moment).toLocaleString()
  }
  setText(element, relativeTime(new Date(moment), new Date()))
}

/** Updates every relative time on the page. */
export function refreshTimes(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    showTime(element, element.dateTime)
  }
}
