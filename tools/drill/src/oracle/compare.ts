import { hashOf, type Remembered } from '../rig/history.js'

/** How the contents of a store differ from the history; everything must be 0. */
export interface Comparison {
  /** Acknowledged but missing. */
  readonly lost: number
  /** Present but rejected or never sent. */
  readonly unexpected: number
  readonly duplicated: number
  /** Present with other bytes. */
  readonly corrupted: number
}

/** Compares what the clients remember with the contents of one store. */
export function compare(history: ReadonlyMap<string, Remembered>, contents: readonly string[]): Comparison {
  const found = new Set<string>()
  let unexpected = 0
  let duplicated = 0
  let corrupted = 0
  for (const content of contents) {
    const key = content.slice(0, content.indexOf(' '))
    const remembered = history.get(key)
    if (!remembered || remembered.outcome === 'fail') unexpected += 1
    else if (found.has(key)) duplicated += 1
    else if (remembered.sha256 !== hashOf(content)) corrupted += 1
    found.add(key)
  }
  const lost = [...history].filter(([key, { outcome }]) => outcome === 'ok' && !found.has(key)).length
  return { lost, unexpected, duplicated, corrupted }
}

/** The figures above 0 as text; `null` if there are none. */
export function describe(comparison: Comparison): string | null {
  const wrong = Object.entries(comparison).filter(([, count]) => count > 0)
  return wrong.length === 0 ? null : wrong.map(([name, count]) => `${count} ${name}`).join(', ')
}
