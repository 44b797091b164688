import type { Message, MessageDetails, Position } from '../../api/api-types.js'
import { createListFilter } from './list-filter.js'

const DEFAULT_LIMIT = 50

/** A page of a list of messages. */
export interface ListPage {
  /** Its path and query. */
  readonly target: string
  readonly messages: readonly Message[]
  /** The link to the next page. */
  readonly next: string | null
  /** The place of the feed that the page has at least reached; `null` if the server does not tell. */
  readonly position: Position | null
  /** Whether the page is as the server has it; `false`: it must be fetched again. */
  readonly isWhole: boolean
}

/** A part of the feed. */
export interface Changes {
  readonly epoch: string
  /** In the order of their positions. */
  readonly messages: readonly MessageDetails[]
}

/**
 * The page after some changes. What only the server knows makes it incomplete: when a message leaves the list, which one
 * of the next page takes its place, and whether there still is a next page. Changes that the page has already are
 * ignored, and so are those of another epoch.
 */
export function changePage(page: ListPage, { epoch, messages }: Changes): ListPage {
  return page.position?.epoch === epoch ? messages.reduce(change, page) : page
}

function change(page: ListPage, message: MessageDetails): ListPage {
  const shown = page.messages.find(({ uid }) => uid === message.uid)
  if (message.position <= positionOf(shown, page)) return page
  const belongs = createListFilter(page.target, page.messages)
  if (belongs === null) return { ...page, isWhole: false }
  const others = page.messages.filter((other) => other !== shown)
  const place = shown ? 'here' : placeOf(message, page)
  if (belongs(message)) return place === 'here' ? add(page, [...others, message]) : page
  if (shown) return { ...page, messages: others, isWhole: page.isWhole && page.next === null }
  return place === 'later' ? { ...page, isWhole: false } : page
}

/** A message that has changed is newer than the rest of its page. */
function positionOf(shown: Message | undefined, page: ListPage): number {
  const { position = 0 } = (shown ?? {}) as Partial<MessageDetails>
  return Math.max(position, page.position?.position ?? 0)
}

/** Puts the messages in order; those beyond the limit move to the next page. */
function add(page: ListPage, messages: readonly Message[]): ListPage {
  const { direction, cursor, query } = layoutOf(page)
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT)
  const sorted = messages.toSorted((one, other) => direction * (one.id - other.id))
  if (sorted.length <= limit) return { ...page, messages: sorted }
  const kept = sorted.slice(0, limit)
  query.set(cursor, String(kept.at(-1)?.id))
  return { ...page, messages: kept, next: `?${query}` }
}

/** Whether a message of the list is on an earlier page, on this one, or on a later one. */
function placeOf({ id }: Message, page: ListPage): 'earlier' | 'here' | 'later' {
  const { direction, cursor, query } = layoutOf(page)
  const start = query.get(cursor)
  const last = page.messages.at(-1)
  if (start !== null && direction * (id - Number(start)) <= 0) return 'earlier'
  return page.next !== null && last && direction * (id - last.id) > 0 ? 'later' : 'here'
}

/** Lists have the newest message first, threads the oldest. */
function layoutOf({ target }: ListPage) {
  const [path = '', search = ''] = target.split('?')
  const query = new URLSearchParams(search)
  return path.endsWith('/thread')
    ? ({ direction: 1, cursor: 'after', query } as const)
    : ({ direction: -1, cursor: 'before', query } as const)
}
