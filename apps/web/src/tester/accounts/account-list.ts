import { type ApiResult, queryOf } from '../../api/api-result.js'
import type { Purpose } from '../../api/exchange.js'
import type { Announce } from '../../page/announcer.js'
import { isAvailable, setBusy } from '../../page/buttons.js'
import { build, elementById, partOf, showText } from '../../page/elements.js'
import { problemOf } from './submit-form.js'

/** What a button does with an item. */
interface ItemAction {
  readonly label: string
  /** The button's name for screen readers, which tells what it acts on. */
  readonly name: string
  readonly send: () => Promise<ApiResult<unknown>>
  /** Announced when it is done. */
  readonly done: string
}

interface ListOptions<Item> {
  /** The id of the section with the parts `heading`, `list`, `note`, `problem` and `more`. */
  readonly id: string
  readonly announce: Announce
  /** Fetches a page; `search` is its query. */
  readonly load: (search: string, purpose: Purpose) => Promise<ApiResult<Item[]>>
  readonly toElement: (item: Item) => HTMLElement
  /** Shown if there are none. */
  readonly empty: string
}

/** A list of accounts, tokens, held posts or reports. */
export interface AccountList {
  /** Fetches the first page again. */
  reload(purpose: Purpose): Promise<void>
  clear(): void
  /** A button that acts on an item; the list is then fetched again. */
  button(action: ItemAction): HTMLButtonElement
  /** Does something with an item; the list is then fetched again. Resolves with whether it is done. */
  act(action: Pick<ItemAction, 'send' | 'done'>): Promise<boolean>
}

export function createAccountList<Item>(options: ListOptions<Item>): AccountList {
  const section = elementById(options.id, HTMLElement)
  const list = partOf(section, 'list', HTMLElement)
  const problem = partOf(section, 'problem', HTMLElement)
  const more = partOf(section, 'more', HTMLButtonElement)
  let next: string | null = null
  let loads = 0

  async function load(search: string, purpose: Purpose): Promise<void> {
    loads += 1
    const number = loads
    const isFirst = search === ''
    const result = await options.load(search, purpose)
    // A later load, or the end of the session, has overtaken this one.
    if (number !== loads) return
    if (result.kind !== 'success') return showText(problem, problemOf(result))
    const hadFocus = section.contains(document.activeElement)
    const items = result.value.map((item) => build('li', 'account-item', options.toElement(item)))
    if (isFirst) list.replaceChildren(...items)
    else list.append(...items)
    next = result.next
    more.hidden = next === null
    const isEmpty = isFirst && items.length === 0
    showText(partOf(section, 'note', HTMLElement), isEmpty ? options.empty : null)
    // The button that had the focus may be gone.
    if (hadFocus && !section.contains(document.activeElement)) partOf(section, 'heading', HTMLElement).focus()
  }

  async function act({ send, done }: Pick<ItemAction, 'send' | 'done'>): Promise<boolean> {
    showText(problem, null)
    const result = await send()
    const text = result.kind === 'success' ? done : problemOf(result)
    options.announce(text)
    if (result.kind !== 'success') showText(problem, text)
    // The exchange that is shown stays that of the action.
    await load('', 'polling')
    return result.kind === 'success'
  }

  more.addEventListener('click', () => next !== null && void load(queryOf(next), 'action'))

  return {
    reload: (purpose) => load('', purpose),
    act,
    clear() {
      loads += 1
      list.replaceChildren()
      showText(problem, null)
    },
    button(action) {
      const button = build('button', 'button small', action.label) as HTMLButtonElement
      button.setAttribute('type', 'button')
      button.setAttribute('aria-label', action.name)
      button.addEventListener('click', () => {
        if (!isAvailable(button)) return
        setBusy(button, 'Sending…')
        void act(action).then(() => setBusy(button, null))
      })
      return button
    },
  }
}
