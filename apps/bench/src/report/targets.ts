import { type Comparison, medianOf, ratioOf } from '../compare.js'
import { formatFigure, formatRatio } from './rows.js'

/** What was promised of one figure. */
export interface Target {
  readonly what: string
  readonly limit: number
  readonly limitIs: 'at least' | 'at most'
  readonly unit: 'x' | 's' | 'ms'
  /** The figure; `undefined` where it was not measured. */
  readonly measure: (comparisons: readonly Comparison[]) => number | undefined
}

const ratio =
  (id: string, metric: string, pair: readonly [one: string, other: string]) =>
  (comparisons: readonly Comparison[]): number | undefined => {
    const comparison = comparisons.find((candidate) => candidate.id === id)
    return comparison && ratioOf(comparison, metric, pair)
  }

const figure =
  (id: string, metric: string, name: string) =>
  (comparisons: readonly Comparison[]): number | undefined => {
    const comparison = comparisons.find((candidate) => candidate.id === id)
    return comparison && medianOf(comparison, name, metric)
  }

/** How much a thing costs at a million messages, by what it costs at 10,000; `metric` counts a second. */
const growth = (id: string, metric: string, name = 'gitmsg') =>
  ratio(id, metric, [`${name} at 10,000`, `${name} at 1,000,000`])

const atLeast = (limit: number) => ({ limit, limitIs: 'at least', unit: 'x' }) as const
const atMost = (limit: number) => ({ limit, limitIs: 'at most', unit: 'x' }) as const

const speed: readonly Target[] = [
  {
    what: 'sync into a repository, by `git fast-import`',
    ...atLeast(1),
    measure: ratio('sync', 'messages/s', ['gitmsg', 'git fast-import']),
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
  {
    what: 'posts on 64 connections, by a bare server',
    ...atLeast(0.8),
    measure: ratio('post-64', 'posts/s', ['gitmsg', 'bare server']),
  },
  {
    what: 'posts on 64 connections, by a bare server that groups them',
    ...atLeast(0.8),
    measure: ratio('post-64', 'posts/s', ['gitmsg', 'bare server, grouped']),
  },
  {
    what: 'reads of the latest 50, by a bare server',
    ...atLeast(0.8),
    measure: ratio('read-latest', 'pages/s', ['gitmsg', 'bare server']),
  },
  ...[1, 8, 64].map((connections) => ({
    what: `p99 of posts, ${connections} at once, with a file remote, by the same without syncing`,
    ...atMost(2),
    measure: ratio(`post-${connections}`, 'p99 ms', ['gitmsg, with a file remote', 'gitmsg, not syncing']),
  })),
  {
    what: 'idle journey to a file remote, by a script',
    ...atMost(1.3),
    measure: ratio('journey', 'ms', ['gitmsg', 'git fast-import and push']),
  },
]

const scale: readonly Target[] = [
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

export const targets: readonly Target[] = [...speed, ...scale]

/** The line of a target: what, target, measured, verdict. */
export function describeTarget(
  { what, limit, limitIs, unit, measure }: Target,
  comparisons: readonly Comparison[],
): string[] {
  const measured = measure(comparisons)
  const format = (value: number) => (unit === 'x' ? formatRatio(value) : `${formatFigure(value)} ${unit}`)
  const target = `${limitIs} ${unit === 'x' ? `${limit} x` : `${limit} ${unit}`}`
  if (measured === undefined) return [what, target, 'not measured', '']
  const isMet = limitIs === 'at least' ? measured >= limit : measured <= limit
  return [what, target, format(measured), isMet ? 'met' : '**missed**']
}
