import Database from 'better-sqlite3'
import { isTombstone, THREAD_LENGTH } from './conversations.js'
import { COMMONEST_WORD, searchRequests } from './search-texts.js'

/** Of each kind: enough for a 99th percentile. */
const REQUESTS = 200
/** Far apart, so that consecutive requests read different pages of the database. */
const STRIDE = 7_919

type Parameters = Readonly<Record<string, string | number>>

/**
 * The path and query of requests for lists, threads, searches and the feed, by kind, with each filter alone and with some
 * together. No two are the same, in no two rounds, so that none is cached.
 *
 * @param path of the database of {@link Fixtures.spoken}
 * @param round from 0 on
 */
export function listRequests(path: string, size: number, round: number): Readonly<Record<string, string[]>> {
  const database = new Database(path, { readonly: true })
  try {
    return makeRequests({ size, round }, (column, id) =>
      String(database.prepare(`SELECT ${column} FROM messages WHERE id = ?`).pluck().get(id)),
    )
  } finally {
    database.close()
  }
}

type ReadField = (column: 'uid' | 'timestamp', id: number) => string

function makeRequests(
  { size, round }: { size: number; round: number },
  readField: ReadField,
): Record<string, string[]> {
  const all = <From>(
    kinds: Readonly<Record<string, (index: number) => From>>,
    toRequest: (from: From) => string,
  ): Record<string, string[]> =>
    mapValues(kinds, (kind) =>
      Array.from({ length: REQUESTS }, (_, index) => toRequest(kind(round * REQUESTS + index))),
    )
  const uidAt = (id: number) => readField('uid', id)
  const timeAt = (part: number) => readField('timestamp', Math.ceil(size * part))
  const idAt = (index: number) => 1 + ((index * STRIDE) % size)
  const rootAt = (index: number) => idAt(index) - ((idAt(index) - 1) % THREAD_LENGTH)
  const existingAt = (index: number) => idAt(index) + Number(isTombstone(idAt(index)))
  /** From the newest on. */
  const latest = (index: number) => ({ before: size + 1 - index })
  const anywhere = (index: number) => ({ before: idAt(index) })
  const topic = (index: number) => `topic-${index % 100}`
  const sender = (index: number) => `sender-${index % 50}`
  const word = { q: COMMONEST_WORD }

  const lists: Record<string, (index: number) => Parameters> = {
    'the latest': latest,
    before: anywhere,
    after: (index) => ({ after: idAt(index) }),
    sender: (index) => ({ sender: sender(index), ...anywhere(index) }),
    'a rare sender': (index) => ({ sender: 'seldom', ...anywhere(index) }),
    'an unknown sender': (index) => ({ sender: 'unknown', ...latest(index) }),
    topic: (index) => ({ topic: topic(index), ...anywhere(index) }),
    thread: (index) => ({ thread: uidAt(rootAt(index)), ...latest(index) }),
    reply_to: (index) => ({ reply_to: uidAt(rootAt(index)), ...latest(index) }),
    'since a day with few after it': (index) => ({ since: timeAt(0.999), ...latest(index) }),
    'since a day with many after it': (index) => ({ since: timeAt(0.5), ...latest(index) }),
    'until, with many before it': (index) => ({ until: timeAt(0.5), ...latest(index) }),
    'since and until': (index) => ({ since: timeAt(0.4), until: timeAt(0.4004), ...latest(index) }),
    'synchronized=true': (index) => ({ synchronized: 'true', ...latest(index) }),
    'synchronized=false': (index) => ({ synchronized: 'false', ...latest(index) }),
    'deleted=true': (index) => ({ deleted: 'true', ...anywhere(index) }),
    'format=reaction': (index) => ({ format: 'reaction', ...anywhere(index) }),
    'sender and topic': (index) => ({ sender: sender(index), topic: topic(index), ...latest(index) }),
    'sender since': (index) => ({ sender: sender(index), since: timeAt(0.9), ...latest(index) }),
    'topic since': (index) => ({ topic: topic(index), since: timeAt(0.9), ...latest(index) }),
    'topic, synchronized=true': (index) => ({ topic: topic(index), synchronized: 'true', ...latest(index) }),
  }
  const searches: Record<string, (index: number) => Parameters> = {
    'the commonest word, sender': (index) => ({ ...word, sender: sender(index), ...latest(index) }),
    'the commonest word, a rare sender': (index) => ({ ...word, sender: 'seldom', ...latest(index) }),
    'the commonest word, topic': (index) => ({ ...word, topic: topic(index), ...latest(index) }),
    'the commonest word, thread': (index) => ({ ...word, thread: uidAt(rootAt(index)), ...latest(index) }),
    'the commonest word, since': (index) => ({ ...word, since: timeAt(0.9), ...latest(index) }),
    'the commonest word, until': (index) => ({ ...word, until: timeAt(0.1), ...latest(index) }),
  }
  const others: Record<string, (index: number) => string> = {
    'one message': (index) => `messages/${existingAt(index)}`,
    'a thread': (index) => `messages/${rootAt(index)}/thread`,
    'a history': (index) => `messages/${existingAt(index)}/history`,
    topics: (index) => `topics?limit=${1 + (index % 100)}`,
    feed: (index) => `changes?limit=50&after={epoch}:${idAt(index)}`,
  }
  return {
    ...all(lists, (parameters) => `messages?${toQuery(50, parameters)}`),
    ...all(others, (request) => request),
    ...all(searches, (parameters) => `search?${toQuery(20, parameters)}`),
    ...searchRequests(size, round),
  }
}

const toQuery = (limit: number, parameters: Parameters): string =>
  String(new URLSearchParams({ limit: String(limit), ...mapValues(parameters, String) }))

const mapValues = <From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
