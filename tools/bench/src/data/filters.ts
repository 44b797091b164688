import Database from 'better-sqlite3'

/** What filters ask for, taken from a database: some values match much, others little or nothing. */
type Values = Readonly<Record<string, readonly string[]>>

const KINDS: readonly (readonly [name: string, value: string] | null)[] = [
  null,
  ['deleted', 'true'],
  ['format', 'reaction'],
]
const SYNCHRONIZED = [null, 'true', 'false']
const FILTERS = ['sender', 'topic', 'thread', 'reply_to', 'since', 'until'] as const
const LIMITS = ['50', '1000']

/**
 * The query string of every combination of the filters of `GET /messages`: 576. Which values they have, and where the
 * page begins, differs from one combination to the next, and from one round to the next.
 */
export function combineFilters(path: string, round: number): string[] {
  const values = readValues(path)
  const queries: string[] = []
  for (const kind of KINDS) {
    for (const synchronized of SYNCHRONIZED) {
      for (let chosen = 0; chosen < 2 ** FILTERS.length; chosen += 1) {
        const variant = queries.length * 7 + round
        const query = new URLSearchParams({ limit: pick(LIMITS, variant) })
        const names = FILTERS.filter((_, index) => chosen & (1 << index))
        for (const [index, name] of [...names, 'before', 'after'].entries()) {
          const value = pick(values[name] ?? [], Math.floor(variant / (index + 1)))
          if (value !== '') query.set(name, value)
        }
        if (kind) query.set(...kind)
        if (synchronized) query.set('synchronized', synchronized)
        queries.push(query.toString())
      }
    }
  }
  return queries
}

const pick = (values: readonly string[], index: number): string => values[index % values.length] ?? ''

function readValues(path: string): Values {
  const database = new Database(path, { readonly: true })
  try {
    const size = database.prepare('SELECT max(id) FROM messages').pluck().get() as number
    const at = (part: number) => Math.max(1, Math.floor(size * part))
    const timeAt = database.prepare('SELECT timestamp FROM messages WHERE id = ?').pluck()
    const times = [0.002, 0.02, 0.5, 0.98].map((part) => timeAt.get(at(part)) as string)
    const reply = database.prepare(
      'SELECT reply_to FROM messages WHERE id <= ? AND reply_to IS NOT NULL ORDER BY id DESC',
    )
    const threads = [0.01, 0.9].map((part) => reply.pluck().get(at(part)) as string)
    return {
      sender: ['alice', 'unknown', 'bob'],
      topic: ['topic-7', 'unknown', 'topic-93'],
      thread: threads,
      reply_to: threads,
      since: times,
      until: times,
      before: ['', '', String(at(0.5))],
      after: ['', '', '', '0', String(at(0.3))],
    }
  } finally {
    database.close()
  }
}
