import { elementById } from './elements.js'

/** Announces a text to screen readers, politely, through the page's one live region. */
export type Announce = (text: string) => void

/** Long enough for a screen reader to notice that the region was emptied. */
const COLLECT_MS = 100

/** Creates the announcer; texts that arrive within {@link COLLECT_MS} of each other are announced together. */
export function createAnnouncer(): Announce {
  const region = elementById('announcer', HTMLElement)
  let queue: string[] = []

  function flush(): void {
    region.textContent = queue.join('. ')
    queue = []
  }

  return function announce(text) {
    queue.push(text)
    if (queue.length > 1) return
    // Emptying the region first makes screen readers repeat a text that has not changed.
    region.textContent = ''
    setTimeout(flush, COLLECT_MS)
  }
}
