import type { Message } from '../../api/api-types.js'

/** The query of `GET /messages` for form fields: empty fields are omitted, local times become RFC 3339. */
export function toSearch(fields: Iterable<[name: string, value: unknown]>): string {
  const query = new URLSearchParams()
  for (const [name, value] of fields) {
    const text = String(value)
    if (text === '') continue
    query.set(name, name === 'since' || name === 'until' ? toInstant(text) : text)
  }
  return query.size === 0 ? '' : `?${query}`
}

function toInstant(localTime: string): string {
  const instant = new Date(localTime)
  return Number.isNaN(instant.getTime()) ? localTime : instant.toISOString()
}

/** Whether the newest page of this query would include the message. */
export function matchesSearch(message: Message, search: string): boolean {
  const query = new URLSearchParams(search)
  const time = Date.parse(message.timestamp)
  const sender = query.get('sender') ?? message.sender
  const synchronized = query.get('synchronized') ?? String(message.is_synchronized)
  return (
    sender === message.sender &&
    synchronized === String(message.is_synchronized) &&
    !(time < Date.parse(query.get('since') ?? '')) &&
    !(time >= Date.parse(query.get('until') ?? ''))
  )
}
