import { isAvailable, setAvailable } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'

/** The current page of the current query. */
export interface Pager {
  /** The query of the page to fetch, with its question mark; empty if there are no parameters. */
  search(): string
  /** Whether the page to fetch is the newest. */
  isNewest(): boolean
  /** Goes to the newest page of this query; without an argument, of the current query. */
  startOver(query?: string): void
  /** Call when the page was fetched: it has `count` messages, and `next` is the link to the next page. */
  showPage(count: number, next: string | null): void
  /** Call when the page could not be fetched: the previous page stays current. */
  goBack(): void
}

interface Page {
  readonly query: string
  readonly search: string
  readonly number: number
}

/** Starts at the newest page of `query`. `onTurn` is called when the user goes to another page. */
export function createPager(query: string, onTurn: () => void): Pager {
  const nextButton = elementById('next-page', HTMLButtonElement)
  const newestButton = elementById('newest-page', HTMLButtonElement)
  let wanted: Page = { query, search: query, number: 1 }
  let shown = wanted
  let nextSearch: string | null = null

  function startOver(newQuery = wanted.query): void {
    wanted = { query: newQuery, search: newQuery, number: 1 }
  }

  function turn(): void {
    onTurn()
    // Reading continues at the top of the new page.
    elementById('messages-section', HTMLElement).scrollIntoView({ block: 'start' })
  }

  function turnToNext(): void {
    if (!isAvailable(nextButton) || nextSearch === null) return
    wanted = { query: wanted.query, search: nextSearch, number: shown.number + 1 }
    turn()
  }

  function turnToNewest(): void {
    if (!isAvailable(newestButton)) return
    startOver()
    turn()
  }

  nextButton.addEventListener('click', turnToNext)
  newestButton.addEventListener('click', turnToNewest)

  return {
    search: () => wanted.search,
    isNewest: () => wanted.number === 1,
    startOver,

    showPage(count, next) {
      shown = wanted
      nextSearch = searchOf(next)
      setAvailable(nextButton, nextSearch !== null)
      setAvailable(newestButton, shown.number > 1)
      const caption = `${count} on page ${shown.number}`
      setText(elementById('page-caption', HTMLElement), count === 0 ? '' : caption)
    },

    goBack() {
      wanted = shown
    },
  }
}

/** Only the query is used: the page stays on its own server whatever the link points to. */
function searchOf(target: string | null): string | null {
  return target === null ? null : new URL(target, document.baseURI).search
}
