import { elementById } from './elements.js'

/** Says something to those who do not see the page; politely, in one live region. */
export type Announce = (text: string) => void

/** Announcements of one moment are read together. */
export function createAnnouncer(): Announce {
  const region = elementById('announcer', HTMLElement)
  let waiting: string[] = []

  return (text) => {
    waiting.push(text)
    if (waiting.length > 1) return
    // A region that goes empty first is read again even when the words are the same.
    region.textContent = ''
    setTimeout(() => {
      region.textContent = waiting.join('. ')
      waiting = []
    }, 100)
  }
}
