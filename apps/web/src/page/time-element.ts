import { setText } from './elements.js'
import { relativeTime } from './relative-time.js'

/** Shows the moment relative to now, exactly in `title`; {@link refreshTimes} keeps it true. */
export function showTime(element: HTMLTimeElement, moment: string): void {
  if (element.dateTime !== moment) {
    element.dateTime = moment
    element.title = new Date(moment).toLocaleString()
  }
  setText(element, relativeTime(new Date(moment), new Date()))
}

/** Rewrites every relative time on the page that is no longer true. */
export function refreshTimes(): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    showTime(element, element.dateTime)
  }
}
