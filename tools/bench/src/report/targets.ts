import { figure, ratio, type Target } from './judge.js'
import { POSTGRES } from './postgres-targets.js'

/** The cost at a million messages divided by the cost at 10,000; `metric` is a rate, so it counts inversely. */
const growth = (id: string, metric: string, name = 'gitmsg') =>
  ratio(id, metric, [`${name} at 10,000`, `${name} at 1,000,000`])

const atLeast = (limit: number) => ({ limit, limitIs: 'at least', unit: 'x' }) as const
const atMost = (limit: number) => ({ limit, limitIs: 'at most', unit: 'x' }) as const

const SPEED: readonly Target[] = [
  {
    what: 'sync into a repository, by `git fast-import`',
    ...atLeast(1),
    measure: ratio('sync', 'messages/s', ['gitmsg', 'git fast-import']),
  },
  {
    what: 'sync of edits into a repository, by `git fast-import`',
    ...atLeast(0.8),
    measure: ratio('sync-edits', 'messages/s', ['gitmsg', 'git fast-import']),
  },
  {
    what: 'sync to a file remote, by `git fast-import` and `git push`',
    ...atLeast(0.8),
    measure: ratio('push', 'messages/s', ['gitmsg', 'git fast-import and push']),
  },
  {
    what: 'sync into a repository of 100,000, by add and commit of each',
    ...atLeast(100),
    measure: ratio('naive-100000', 'messages/s', ['gitmsg', 'add and commit each']),
  },
  ...['gitmsg', 'gitmsg, not syncing'].flatMap((name) =>
    ['bare server', 'bare server, grouped'].map((reference) => ({
      what: `posts on 64 connections: ${name}, by ${reference}`,
      ...atLeast(0.8),
      measure: ratio('post-64', 'posts/s', [name, reference]),
    })),
  ),
  {
    what: 'reads of the latest 50, by a bare server',
    ...atLeast(0.8),
    measure: ratio('read-latest', 'pages/s', ['gitmsg', 'bare server']),
  },
  ...[1, 8, 64].map((connections) => ({
    what: `p99 of posts, ${connections} at once: with a file remote, by not syncing`,
    ...atMost(2),
    measure: ratio(`post-${connections}`, 'p99 ms', ['gitmsg, with a file remote', 'gitmsg, not syncing']),
  })),
  {
    what: 'idle journey to a file remote, by a script',
    ...atMost(1.3),
    measure: ratio('journey', 'ms', ['gitmsg', 'git fast-import and push']),
  },
]

const SCALE: readonly Target[] = [
  {
    what: 'a post at 1,000,000 messages, by one at 10,000',
    ...atMost(1.2),
    measure: growth('growth-post', 'posts/s'),
  },
  ...['latest', 'deep', 'sender'].map((page) => ({
    what: `a read (${page}) at 1,000,000 messages, by one at 10,000`,
    ...atMost(1.2),
    measure: growth(`growth-read-${page}`, 'pages/s'),
  })),
  {
    what: 'sync into a repository at 1,000,000 messages, by 10,000',
    ...atMost(1.2),
    measure: growth('growth-sync', 'messages/s'),
  },
  {
    what: 'an edit at 1,000,000 messages, by one at 10,000',
    ...atMost(1.2),
    measure: growth('growth-edit', 'edits/s'),
  },
  ...['thread', 'topic', 'topics', 'history'].map((page) => ({
    what: `a read (${page}) at 1,000,000 messages, by one at 10,000`,
    ...atMost(1.2),
    measure: growth(`growth-read-${page}`, 'pages/s'),
  })),
  {
    what: 'p99 of /healthz while lists of 1,000,000 are read',
    limit: 100,
    limitIs: 'at most',
    unit: 'ms',
    measure: figure('isolation', 'p99 ms', 'gitmsg at 1,000,000'),
  },
  {
    what: 'growth of a sync to a file remote from 10,000 to 1,000,000, by that of a bare `git push`',
    ...atMost(1),
    measure: (comparisons) => {
      const own = growth('growth-push', 'messages/s')(comparisons)
      const push = growth('growth-push', 'messages/s', 'git push alone')(comparisons)
      return own === undefined || push === undefined ? undefined : own / push
    },
  },
  {
    what: 'restore of 1,000,000',
    limit: 300,
    limitIs: 'at most',
    unit: 's',
    measure: figure('restore-1000000', 'seconds', 'gitmsg restore'),
  },
  {
    what: 'verify of 100,000',
    limit: 10,
    limitIs: 'at most',
    unit: 's',
    measure: figure('verify-100000', 'seconds', 'gitmsg verify'),
  },
  {
    what: 'start at 1,000,000',
    limit: 500,
    limitIs: 'at most',
    unit: 'ms',
    measure: figure('start', 'ms', 'gitmsg at 1,000,000'),
  },
]

const SEARCH: readonly Target[] = [
  ...[
    'a rare word',
    'two words',
    'a phrase',
    'a prefix',
    'the commonest word',
    '2 Japanese characters',
    '3 Japanese characters',
  ].map((kind) => ({
    what: `p99 of searches for ${kind} in 1,000,000 messages`,
    limit: 25,
    limitIs: 'at most' as const,
    unit: 'ms' as const,
    measure: figure('search', 'p99 ms', `${kind} at 1,000,000`),
  })),
  {
    what: 'p99 of searches for random text in 1,000,000 messages',
    limit: 50,
    limitIs: 'at most',
    unit: 'ms',
    measure: figure('search', 'p99 ms', 'random text at 1,000,000'),
  },
  ...[
    'the commonest word of a rare sender',
    'a prefix of 2 letters',
    '16 words',
    'the commonest words by relevance',
  ].map((kind) => ({
    what: `event loop held by searches for ${kind} in 1,000,000 messages`,
    limit: 50,
    limitIs: 'at most' as const,
    unit: 'ms' as const,
    measure: figure('search', 'loop held ms', `${kind} at 1,000,000`),
  })),
  {
    what: 'posts on 64 connections: with the search index, by without',
    ...atLeast(0.83),
    measure: ratio('search-post-64', 'posts/s', ['gitmsg', 'gitmsg, not indexing']),
  },
  {
    what: 'search index of 1,000,000 messages, for each',
    limit: 90,
    limitIs: 'at most',
    unit: 'bytes',
    measure: figure('search-size', 'bytes a message, index', 'gitmsg at 1,000,000'),
  },
]

const LIVE: readonly Target[] = [
  {
    what: 'p50 from the 201 to the frame, idle',
    limit: 60,
    limitIs: 'at most',
    unit: 'ms',
    measure: figure('live-idle', 'p50 ms', 'gitmsg'),
  },
  ...['gitmsg', 'gitmsg, and 200 slow readers'].flatMap((name): Target[] => [
    {
      what: `messages that arrive at 1,000 sockets, 100 posts/s: ${name}`,
      limit: 100,
      limitIs: 'at least',
      unit: '%',
      measure: figure('live-sockets', 'arrived %', name),
    },
    {
      what: `p99 from the 201 to the frame at 1,000 sockets: ${name}`,
      limit: 500,
      limitIs: 'at most',
      unit: 'ms',
      measure: figure('live-sockets', 'p99 ms', name),
    },
    {
      what: `memory with 1,000 sockets: ${name}`,
      limit: 250,
      limitIs: 'at most',
      unit: 'MB',
      measure: figure('live-sockets', 'peak MB', name),
    },
  ]),
  {
    what: 'processor time for each message delivered to 1,000 sockets',
    limit: 4,
    limitIs: 'at most',
    unit: 'µs',
    measure: figure('live-sockets', 'processor µs a message', 'gitmsg'),
  },
  {
    what: 'p99 of /healthz while 10,000 clients reconnect',
    limit: 1_000,
    limitIs: 'at most',
    unit: 'ms',
    measure: figure('live-return', 'p99 ms', '10,000 clients'),
  },
]

const ACCOUNTS: readonly Target[] = ['gitmsg', 'gitmsg, after a write'].map((name) => ({
  what: `a check of a session: ${name}`,
  limit: 50,
  limitIs: 'at most',
  unit: 'µs',
  measure: figure('sessions', 'processor µs', name),
}))

/** All targets, in the order of docs/performance.md. */
export const targets: readonly Target[] = [...SPEED, ...SCALE, ...SEARCH, ...POSTGRES, ...LIVE, ...ACCOUNTS]
