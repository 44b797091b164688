import { figure, type Measure, ratio, type Target } from './judge.js'

/** By SQLite's. With 8 connections, each of three servers gets too few posts at once to store them together. */
const LEAST_POSTS = [
  { connections: 8, name: 'PostgreSQL', least: 0.8 },
  { connections: 64, name: 'PostgreSQL', least: 0.8 },
  { connections: 64, name: 'PostgreSQL, 3 servers', least: 0.6 },
]

const atMost = (limit: number, what: string, measure: Measure): Target => ({
  what,
  limit,
  limitIs: 'at most',
  unit: 'x',
  measure,
})

/** Of the parts `postgres` and `postgres-lists`. */
export const POSTGRES: readonly Target[] = [
  ...LEAST_POSTS.map(
    ({ connections, name, least }): Target => ({
      what: `posts on ${connections} connections: ${name}, by SQLite`,
      limit: least,
      limitIs: 'at least',
      unit: 'x',
      measure: ratio(`postgres-post-${connections}`, 'posts/s', [name, 'SQLite']),
    }),
  ),
  ...['latest', 'other'].map((page) =>
    atMost(
      2,
      `time of a page (${page}) on PostgreSQL, by SQLite`,
      ratio(`postgres-read-${page}`, 'pages/s', ['SQLite', 'PostgreSQL']),
    ),
  ),
  ...['a-rare-word', 'the-commonest-word', 'two-words'].map((kind) =>
    atMost(
      2,
      `p50 of searches (${kind}) on PostgreSQL, by SQLite`,
      ratio(`postgres-search-${kind}`, 'p50 ms', ['PostgreSQL', 'SQLite']),
    ),
  ),
  {
    what: 'p99 of the slowest kind of list of 1,000,000 messages on PostgreSQL',
    limit: 25,
    limitIs: 'at most',
    unit: 'ms',
    measure(comparisons) {
      const lists = comparisons.find(({ id }) => id === 'postgres-lists')
      const names = Object.keys(lists?.runs ?? {}).filter((name) => name.endsWith(' at 1,000,000'))
      const all = names.flatMap((name) => figure('postgres-lists', 'p99 ms', name)(comparisons) ?? [])
      return all.length > 0 ? Math.max(...all) : undefined
    },
  },
]
