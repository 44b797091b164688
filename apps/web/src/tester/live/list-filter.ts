import type { Message } from '../../api/api-types.js'

/** What a list consists of. */
type Kind = 'message' | 'reaction' | 'deleted'

/** The parameters of `GET /messages` that select messages by their fields; other ones are unknown here. */
const CONDITIONS: Readonly<Record<string, (message: Message, value: string) => boolean>> = {
  sender: ({ sender }, value) => sender === value,
  topic: ({ topic }, value) => topic === value,
  thread: isInThread,
  reply_to: ({ reply_to }, value) => reply_to === value,
  since: ({ timestamp }, value) => Date.parse(timestamp) >= Date.parse(value),
  until: ({ timestamp }, value) => Date.parse(timestamp) < Date.parse(value),
  synchronized: ({ is_synchronized }, value) => String(is_synchronized) === value,
}

/** The other parameters: they select a page or a kind of messages. */
const OTHERS = ['limit', 'before', 'deleted', 'format']

/** Tells whether a message belongs to a list, on whichever page. */
export type ListFilter = (message: Message) => boolean

/**
 * Creates the filter of the list at a path and query, which has these messages. `null` if only the server knows: the
 * query has a parameter that is unknown here.
 */
export function createListFilter(target: string, messages: readonly Message[]): ListFilter | null {
  const [path = '', search = ''] = target.split('?')
  if (path.endsWith('/thread')) return createThreadFilter(messages)
  const query = [...new URLSearchParams(search)].filter(([name]) => !OTHERS.includes(name))
  if (query.some(([name]) => !Object.hasOwn(CONDITIONS, name))) return null
  const kind = listedKind(new URLSearchParams(search))
  return (message) =>
    kindOf(message) === kind && query.every(([name, value]) => CONDITIONS[name]?.(message, value))
}

/** The first message of a thread stays in it when it is deleted. */
function createThreadFilter([member]: readonly Message[]): ListFilter {
  const first = member?.thread ?? member?.uid ?? ''
  return (message) => isInThread(message, first) && (kindOf(message) === 'message' || message.uid === first)
}

function isInThread({ uid, thread }: Message, first: string): boolean {
  return uid === first || thread === first
}

function listedKind(query: URLSearchParams): Kind {
  if (query.get('deleted') === 'true') return 'deleted'
  return query.get('format') === 'reaction' ? 'reaction' : 'message'
}

function kindOf({ deleted, format }: Message): Kind {
  if (deleted) return 'deleted'
  return format === 'reaction' ? 'reaction' : 'message'
}
