/** What the list of messages shows: everything that matches the filters, one topic, or one thread. */
export type Place =
  | { readonly kind: 'list' }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'thread'; readonly key: string }

const THREAD_KEY = /^(?:[1-9]\d{0,14}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** The place in the fragment of a URL; `null` if it is that of something else, such as a section of the page. */
export function placeOf(hash: string): Place | null {
  if (hash === '' || hash === '#messages') return { kind: 'list' }
  const query = new URLSearchParams(hash.slice(1))
  const topic = query.get('topic')
  if (topic) return { kind: 'topic', topic }
  const key = query.get('thread') ?? ''
  return THREAD_KEY.test(key) ? { kind: 'thread', key } : null
}

/** The fragment of the URL of a place, for links. */
export function hashOf(place: Place): string {
  if (place.kind === 'topic') return `#${new URLSearchParams({ topic: place.topic })}`
  return place.kind === 'thread' ? `#thread=${place.key}` : '#messages'
}

/** The place that shows the list with this path or query. */
export function placeOfList(target: string): Place {
  const topic = new URLSearchParams(target.replace(/^[^?]*/, '')).get('topic')
  return topic ? { kind: 'topic', topic } : { kind: 'list' }
}
