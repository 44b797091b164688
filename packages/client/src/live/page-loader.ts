import type { Page } from '../api/page.js'
import type { Message } from '../api/types.js'
import type { Client } from '../client.js'
import { ClientError } from '../client-error.js'
import type { LoadedPages } from './message-window.js'

const MAX_PAGE = 1_000

/** Which pages to read. */
export interface LoadOptions {
  readonly topics: readonly string[] | null
  /** At least this many messages, if there are as many. */
  readonly count: number
  /** Only ids below this one. Default: all. */
  readonly before?: number
  readonly signal: AbortSignal
}

/** Pages that are all of one epoch. */
export type PagesOfEpoch = LoadedPages & { readonly epoch: string }

/** Reads pages of the newest messages, or of those below a floor. */
export async function loadPages(
  client: Pick<Client, 'list'>,
  { topics, count, before = Number.POSITIVE_INFINITY, signal }: LoadOptions,
): Promise<PagesOfEpoch> {
  const messages: Message[] = []
  const epochs = new Set<string>()
  let position = Number.POSITIVE_INFINITY
  let floor = 0

  function add(page: Page<Message>): void {
    if (!page.position) throw new ClientError('invalid-response', 'A page of messages has no position.')
    epochs.add(page.position.epoch)
    position = Math.min(position, page.position.position)
    messages.push(...page)
  }

  for (const topic of topics ?? [null]) {
    const query = {
      limit: Math.min(MAX_PAGE, count),
      ...(Number.isFinite(before) && { before }),
      ...(topic !== null && { topic }),
    }
    let missing = count
    let page = await client.list(query, { signal })
    add(page)
    for (missing -= page.length; page.next && missing > 0; missing -= page.length) {
      page = await page.next({ signal })
      add(page)
    }
    if (page.next) floor = Math.max(floor, messages.at(-1)?.id ?? before)
  }
  const [epoch = '', ...otherEpochs] = epochs
  if (otherEpochs.length > 0) throw new ClientError('invalid-response', 'The pages are of two histories.')
  return { messages, position, floor, epoch }
}
