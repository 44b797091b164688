import type { Message, MessageDetails } from '../../api/api-types.js'
import { loadMarkdownFor } from '../../markdown/load-markdown.js'
import { type Changes, changePage, type ListPage } from '../live/list-page.js'
import type { EmptyState } from './empty-state.js'
import type { ListFacts, MessageList } from './message-list.js'
import type { News } from './news.js'
import type { Pager } from './pager.js'
import type { Parents } from './parents.js'
import type { Quarantine } from './quarantine.js'

/** What the page is shown with. */
export interface ShownPageOptions {
  readonly list: Pick<MessageList, 'show' | 'clear'>
  readonly emptyState: EmptyState
  readonly pager: Pick<Pager, 'showPage' | 'updatePage'>
  readonly parents: Parents
  readonly quarantine: Quarantine
  readonly news: Pick<News, 'arrived'>
  /** The sender that the user has entered. */
  readonly sender: () => string
  /** Resolves before the page is painted again, which then costs the same for any number of changes. */
  readonly nextPaint: () => Promise<unknown>
  /** Called when only the server knows how the page is now. */
  readonly onIncomplete: () => void
}

/** A page on its way from the server. */
interface PageLoad {
  /** Shows the page with what has changed since it was read, unless `signal` aborts before. */
  show(page: ListPage, options: { quarantined: number; signal: AbortSignal }): Promise<void>
  /** To be called when the page was shown, or will not be. */
  end(): void
}

/** The page that is shown: as it was fetched, with all changes since. */
export interface ShownPage {
  /** Call before a page is requested. */
  load(): PageLoad
  /** Shows what has changed. */
  change(changes: Changes): Promise<void>
  /** Shows the page again, with the new version of a message if there is one. */
  update(saved?: MessageDetails): Promise<void>
  /** Whether the page is as the server has it. */
  isWhole(): boolean
  /** Removes all messages, and drafts of edits. */
  clear(): void
}

export function createShownPage(options: ShownPageOptions): ShownPage {
  const { list, emptyState, pager, parents, quarantine, news, sender, nextPaint, onIncomplete } = options
  /** For each load, what has changed since it began. */
  const loads = new Set<Changes[]>()
  const { signal: never } = new AbortController()
  let page: ListPage | null = null
  let quarantined = 0
  let painting: Promise<void> | null = null

  async function findFacts({ messages }: ListPage, signal: AbortSignal): Promise<ListFacts> {
    const [reasons, parentsByUid] = await Promise.all([
      quarantine.reasonsAmong(messages, quarantined, signal),
      parents.of(messages, signal),
      loadMarkdownFor(messages),
    ])
    return { reasons, parents: parentsByUid }
  }

  function show({ target, messages }: ListPage, facts: ListFacts): void {
    list.show(messages, facts)
    emptyState.show(messages.length === 0, isFiltered(target))
  }

  function update(saved?: MessageDetails): Promise<void> {
    if (saved) take({ epoch: page?.position?.epoch ?? '', messages: [saved] })
    painting ??= paint()
    return painting
  }

  /** Shows the page as it is once its facts are there: meanwhile, it may have changed again. */
  async function paint(): Promise<void> {
    await nextPaint()
    painting = null
    if (page === null) return
    const facts = await findFacts(page, never)
    if (page === null) return
    show(page, facts)
    pager.updatePage(page.messages.length, page.next)
  }

  async function change(changes: Changes): Promise<void> {
    quarantine.learn(changes.messages)
    for (const load of loads) load.push(changes)
    const before = page
    take(changes)
    if (page === null || before === null || page === before) return
    news.arrived(arrivalsIn(page, before).filter((message) => message.sender !== sender()))
    await update()
  }

  function take(changes: Changes): void {
    const wasWhole = page?.isWhole
    page = page && changePage(page, changes)
    if (wasWhole && !page?.isWhole && loads.size === 0) onIncomplete()
  }

  async function replace(fetched: ListPage, meanwhile: Changes[], signal: AbortSignal): Promise<void> {
    const facts = await findFacts(fetched, signal)
    if (signal.aborted) return
    page = meanwhile.reduce(changePage, fetched)
    show(page, facts)
    pager.showPage(page.messages.length, page.next)
    if (page !== fetched) await update()
  }

  return {
    load() {
      const meanwhile: Changes[] = []
      loads.add(meanwhile)
      return {
        show(fetched, { quarantined: count, signal }) {
          quarantined = count
          return replace(fetched, meanwhile, signal)
        },
        end: () => loads.delete(meanwhile),
      }
    },
    change,
    update,
    isWhole: () => page?.isWhole ?? true,
    clear() {
      page = null
      list.clear()
    },
  }
}

/** Messages that have just been posted, rather than moved to this page. */
function arrivalsIn({ messages }: ListPage, before: ListPage): Message[] {
  const known = new Set(before.messages.map(({ uid }) => uid))
  return messages.filter(({ uid, version, deleted }) => !known.has(uid) && version === undefined && !deleted)
}

function isFiltered(target: string): boolean {
  return [...new URLSearchParams(target.split('?')[1]).keys()].some((name) => name !== 'limit')
}
