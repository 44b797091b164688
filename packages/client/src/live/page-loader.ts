import type { Page } from '../api/page.js'
import type { Message } from '../api/types.js'
import type { Client } from '../client.js'
import { ClientError } from '../client-error.js'
import type { LoadedPages } from './message-window.js'

const MAX_PAGE = 1_000

/** Which pages to read. */
export interface LoadOptions {
  readonly topics: readonly string[] | null
  /** At least this many messages, of each topic, if there are so many. */
  readonly count: number
  /** Below which id to begin, by topic. Default: with the newest. */
  readonly floorOf?: (topic: string | null) => number
  readonly signal: AbortSignal
}

/** Pages that are all of one epoch. */
export type PagesOfEpoch = LoadedPages & { readonly epoch: string }

/** Reads pages of the newest messages, or of those below a floor. */
export async function loadPages(
  client: Pick<Client, 'list'>,
  { topics, count, floorOf = () => Number.POSITIVE_INFINITY, signal }: LoadOptions,
): Promise<PagesOfEpoch> {
  const messages: Message[] = []
  const floors = new Map<string | null, number>()
  const epochs = new Set<string>()
  let position = Number.POSITIVE_INFINITY

  function add(page: Page<Message>): void {
    if (!page.position) throw new ClientError('invalid-response', 'A page of messages has no position.')
    epochs.add(page.position.epoch)
    position = Math.min(position, page.position.position)
    messages.push(...page)
  }

  for (const topic of topics ?? [null]) {
    const before = floorOf(topic)
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
    floors.set(topic, page.next ? (messages.at(-1)?.id ?? before) : 0)
  }
  const [epoch = '', ...otherEpochs] = epochs
  if (otherEpochs.length > 0) throw new ClientError('invalid-response', 'The pages are of two histories.')
  return { messages, position, floors, epoch }
}
