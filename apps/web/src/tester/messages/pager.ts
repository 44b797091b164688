import { queryOf } from '../../api/api-result.js'
import { isAvailable, setAvailable } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'

/** The current page of the current list, which is that of all messages or a thread. */
export interface Pager {
  /** The path and query of the page to fetch. */
  target(): string
  /** Goes to the first page of the list with this path and query; without an argument, of the current list. */
  startOver(list?: string): void
  /** Whether there is a page after the shown one. */
  hasNext(): boolean
  /** Goes to the page of the current thread that begins after the message with this id. */
  skipTo(after: number): void
  /** Call when the page was fetched: it has `count` messages, and `next` is the link to the next page. */
  showPage(count: number, next: string | null): void
  /** Call when the shown page has changed. */
  updatePage(count: number, next: string | null): void
  /** Call when the page could not be fetched: the previous page stays current. */
  goBack(): void
}

interface Page {
  readonly list: string
  readonly target: string
  /** `null` if the pages before were skipped. */
  readonly number: number | null
}

/** Starts at the first page of `list`. `onTurn` is called when the user goes to another page. */
export function createPager(list: string, onTurn: () => void): Pager {
  const nextButton = elementById('next-page', HTMLButtonElement)
  const firstButton = elementById('first-page', HTMLButtonElement)
  let wanted: Page = { list, target: list, number: 1 }
  let shown = wanted
  let nextTarget: string | null = null

  function startOver(newList = wanted.list): void {
    wanted = { list: newList, target: newList, number: 1 }
  }

  function turn(): void {
    onTurn()
    // Reading continues at the top of the new page.
    elementById('messages-section', HTMLElement).scrollIntoView({ block: 'start' })
  }

  function turnToNext(): void {
    if (!isAvailable(nextButton) || nextTarget === null) return
    wanted = { list: shown.list, target: nextTarget, number: shown.number && shown.number + 1 }
    turn()
  }

  function turnToFirst(): void {
    if (!isAvailable(firstButton)) return
    startOver()
    turn()
  }

  function updatePage(count: number, next: string | null): void {
    nextTarget = next === null ? null : pathOf(shown.list) + queryOf(next)
    setAvailable(nextButton, nextTarget !== null)
    setAvailable(firstButton, shown.number !== 1)
    const caption = shown.number === null ? `${count} on a later page` : `${count} on page ${shown.number}`
    setText(elementById('page-caption', HTMLElement), count === 0 ? '' : caption)
  }

  nextButton.addEventListener('click', turnToNext)
  firstButton.addEventListener('click', turnToFirst)

  return {
    target: () => wanted.target,
    startOver,

    hasNext: () => nextTarget !== null,

    skipTo(after) {
      wanted = { list: shown.list, target: `${pathOf(shown.list)}?after=${after}`, number: null }
    },

    showPage(count, next) {
      shown = wanted
      updatePage(count, next)
    },
    updatePage,

    goBack() {
      wanted = shown
    },
  }
}

const pathOf = (list: string): string => list.replace(/\?.*/, '')
