import { queryOf } from '../../api/api-result.js'
import type { Message, MessageVersion } from '../../api/api-types.js'
import type { Purpose } from '../../api/exchange.js'
import { build, showText } from '../../page/elements.js'
import type { RowContext } from './row-context.js'
import { versionItem } from './version-item.js'

/** Few enough to compare at once, whatever they hold. */
const FIRST_PAGE = '?limit=10'

/** The versions of a message, newest first, each with what it changed. */
export interface HistoryPanel {
  readonly element: HTMLElement
  /** Loads the newest versions again if the message has changed since. */
  update(message: Message): void
}

/** Creates the panel and loads the first page of versions. */
export function createHistoryPanel(message: Message, { client, announce }: RowContext): HistoryPanel {
  const list = build('ol', 'versions')
  const problem = build('p', 'message-problem')
  const older = build('button', 'button small', 'Older versions') as HTMLButtonElement
  const element = build('section', 'history', list, problem, older)
  let versions: readonly MessageVersion[] = []
  let next: string | null = null
  let shownState = stateOf(message)

  async function load(search: string, purpose: Purpose): Promise<void> {
    const result = await client.history(message.id, search, purpose)
    if (result.kind === 'success') {
      versions = search === FIRST_PAGE ? result.value : [...versions, ...result.value]
      next = result.next === null ? null : queryOf(result.next)
      if (purpose === 'action') announce(`Message ${message.id} has ${countOf(versions, next)}`)
    }
    showText(problem, result.kind === 'http-error' ? result.error.message : null)
    if (result.kind === 'no-response') showText(problem, `${result.problem}.`)
    show()
  }

  function show(): void {
    // The last version of a page is shown once the one before it is here, with which it is compared.
    const complete = next === null ? versions : versions.slice(0, -1)
    list.replaceChildren(
      ...complete.map((version, index) => versionItem(version, versions[index + 1] ?? null, announce)),
    )
    older.hidden = next === null
  }

  older.type = 'button'
  older.hidden = true
  older.addEventListener('click', () => void load(next ?? FIRST_PAGE, 'action'))
  element.setAttribute('aria-label', `History of message ${message.id}`)
  void load(FIRST_PAGE, 'action')

  return {
    element,
    update(newest) {
      const state = stateOf(newest)
      if (state === shownState) return
      shownState = state
      void load(FIRST_PAGE, 'polling')
    },
  }
}

/** What makes the history of a message look different. */
const stateOf = ({ version, git_hash }: Message): string => `${version} ${git_hash}`

function countOf({ length }: readonly unknown[], next: string | null): string {
  if (next !== null) return `more than ${length} versions`
  return length === 1 ? '1 version' : `${length} versions`
}
