import type { ApiClient } from '../../api/api-client.js'
import { queryOf } from '../../api/api-result.js'
import type { FoundMessage } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { isAvailable, setAvailable } from '../../page/buttons.js'
import { elementById, showText } from '../../page/elements.js'
import { clearFieldErrors, showFieldError } from '../../page/field-errors.js'
import { findMessages, type SearchResult } from './find-messages.js'
import { createResultItem } from './result-item.js'
import { scopeOf } from './search-scope.js'

const PAGE_LIMIT = '20'

interface SearchPanelOptions {
  readonly client: Pick<ApiClient, 'search'>
  readonly announce: Announce
  /** The path and query of the list that is shown, whose filters apply. */
  readonly list: () => string
}

/** The search field with its results, which are links. */
export interface SearchPanel {
  /** Removes the results, and ends the search that is running. */
  clear(): void
}

export function createSearchPanel({ client, announce, list }: SearchPanelOptions): SearchPanel {
  const form = elementById('search-form', HTMLFormElement)
  const field = elementById('search-field', HTMLInputElement)
  const problem = elementById('search-problem', HTMLElement)
  const note = elementById('search-note', HTMLElement)
  const results = elementById('search-results', HTMLOListElement)
  const more = elementById('more-results', HTMLButtonElement)
  let running = new AbortController()
  let scope = ''
  let count = 0
  let next: string | null = null

  /** Starts over with the words in the field. */
  function submit(event: Event): void {
    event.preventDefault()
    clear()
    const q = field.value
    if (q.trim() === '') return
    const { filters, text } = scopeOf(list())
    scope = text
    void load(`?${new URLSearchParams({ q, limit: PAGE_LIMIT, ...filters })}`)
  }

  async function showMore(): Promise<void> {
    if (next === null || !isAvailable(more)) return
    const shown = count
    await load(queryOf(next))
    // Reading continues at the first of the new results.
    const added = results.children[shown]?.firstElementChild
    if (added instanceof HTMLElement) added.focus()
  }

  async function load(search: string): Promise<void> {
    const { signal } = running
    showText(problem, null)
    showText(note, 'Searching…')
    setAvailable(more, false)
    const result = await findMessages(search, { client, signal, onIndexing: showIndexing })
    if (signal.aborted) return
    setAvailable(more, true)
    if (result.kind === 'success') add(result.value, result.next)
    else showFailure(result)
  }

  function add(found: readonly FoundMessage[], nextPage: string | null): void {
    results.append(...found.map(createResultItem))
    count += found.length
    next = nextPage
    more.hidden = next === null
    const text = `${describeCount(count)}${next === null ? '' : ' so far'}${scope}.`
    showText(note, text)
    announce(text)
  }

  function showIndexing(message: string): void {
    const percent = /\d+ %/.exec(message)?.[0] ?? ''
    const isNew = note.textContent === 'Searching…'
    showText(
      note,
      `The search index is being built: ${percent} are done. Results appear here when it is complete.`,
    )
    if (isNew) announce(note.textContent)
  }

  function showFailure(result: Exclude<SearchResult, { kind: 'success' }>): void {
    showText(note, null)
    const text = result.kind === 'no-response' ? `${result.problem}.` : result.error.message
    announce(text)
    if (result.kind === 'http-error' && showFieldError(form, result.error)) return
    showText(problem, `Cannot search: ${text}`)
  }

  function clear(): void {
    running.abort()
    running = new AbortController()
    results.replaceChildren()
    count = 0
    next = null
    more.hidden = true
    clearFieldErrors(form)
    showText(problem, null)
    showText(note, null)
  }

  function clearOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    field.value = ''
    clear()
    field.focus()
  }

  function clearWhenEmpty(): void {
    if (field.value === '') clear()
  }

  form.addEventListener('submit', submit)
  field.addEventListener('input', clearWhenEmpty)
  more.addEventListener('click', () => void showMore())
  elementById('search-section', HTMLElement).addEventListener('keydown', clearOnEscape)

  return { clear }
}

function describeCount(count: number): string {
  if (count === 0) return 'Nothing found'
  return count === 1 ? '1 message found' : `${count} messages found`
}
