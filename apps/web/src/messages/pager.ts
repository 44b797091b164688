import { linkTarget } from '../api/link-header.js'
import { isAvailable, setAvailable } from '../page/busy.js'
import { elementById, setText } from '../page/elements.js'

/** Which page of which query is looked at. */
export interface Pager {
  /** The query of the page wanted now, with its question mark. */
  search(): string
  isNewest(): boolean
  /** Asks for the newest page of this query; without one, of the query so far. */
  startOver(query?: string): void
  /** The page wanted came: this many messages, and this `Link` header. */
  arrived(count: number, link: string | null): void
  /** The page wanted was refused: the one before stays. */
  refused(): void
}

interface Page {
  readonly query: string
  readonly search: string
  readonly number: number
}

/** Starts at the newest page of `query`; `onTurn` is called when the user wants another page. */
export function createPager(query: string, onTurn: () => void): Pager {
  const nextButton = elementById('next-page', HTMLButtonElement)
  const newestButton = elementById('newest-page', HTMLButtonElement)
  let wanted: Page = { query, search: query, number: 1 }
  let shown = wanted
  let next: string | null = null

  function startOver(newQuery = wanted.query): void {
    wanted = { query: newQuery, search: newQuery, number: 1 }
  }

  function turn(): void {
    onTurn()
    // Reading goes on at the top of the new page.
    elementById('messages-section', HTMLElement).scrollIntoView({ block: 'start' })
  }

  nextButton.addEventListener('click', () => {
    if (!isAvailable(nextButton) || next === null) return
    wanted = { query: wanted.query, search: next, number: shown.number + 1 }
    turn()
  })
  newestButton.addEventListener('click', () => {
    if (!isAvailable(newestButton)) return
    startOver()
    turn()
  })

  return {
    search: () => wanted.search,
    isNewest: () => wanted.number === 1,
    startOver,
    arrived(count, link) {
      shown = wanted
      next = searchOf(linkTarget(link, 'next'))
      setAvailable(nextButton, next !== null)
      setAvailable(newestButton, shown.number > 1)
      const page = shown.number === 1 ? 'newest' : `page ${shown.number}`
      setText(elementById('page-caption', HTMLElement), count === 0 ? '' : `${count}, ${page}`)
    },
    refused() {
      wanted = shown
    },
  }
}

/** Only the query is taken: the page stays on its own server whatever the link says. */
function searchOf(target: string | null): string | null {
  return target === null ? null : new URL(target, document.baseURI).search
}
