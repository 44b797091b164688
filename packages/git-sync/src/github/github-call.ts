import { createHash } from 'node:crypto'
import { GitSyncError } from '../git-sync-error.js'
import type { Refusal } from './refusal.js'

/** A request to GitHub: what to send, what it may answer, how to read that. */
export interface GithubCall<Answer> {
  /** As in GitHub's documentation; `{owner}` and `{repo}` are filled in. */
  readonly route: `${'GET' | 'POST' | 'PATCH' | 'PUT'} /${string}`
  readonly parameters?: Readonly<Record<string, unknown>>
  /** `undefined` when this is not what GitHub documents: the answer was cut short, or is somebody else's. */
  readonly read: (data: unknown, headers: Refusal['headers']) => Answer | undefined
  /** Refusals that are answers too. */
  readonly otherwise?: (refusal: Refusal) => Answer | undefined
}

/** For reading what GitHub itself has named to us: where it says that there is no such thing, it will know it soon. */
export function throwIfNotYetKnown({ status, message }: Refusal): undefined {
  if (![404, 409, 422].includes(status)) return
  throw new GitSyncError('unavailable', `GitHub does not know of this yet (${status} ${message})`)
}

/** Whether a call counts against the limits on writing. */
export const isWrite = ({ route }: { route: string }): boolean => !route.startsWith('GET ')

/** A value of an answer by its path, e.g. `at(data, 'commit', 'tree', 'sha')`. */
export const at = (data: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], data)

/** A string of an answer. */
export function textAt(data: unknown, ...path: string[]): string | undefined {
  const value = at(data, ...path)
  return typeof value === 'string' ? value : undefined
}

/** An object's name in an answer. */
export function hashAt(data: unknown, ...path: string[]): string | undefined {
  const text = textAt(data, ...path)
  return text !== undefined && /^[0-9a-f]{40}$/.test(text) ? text : undefined
}

/** Each item of an array in an answer, read; `undefined` when one of them cannot be, or there is no array. */
export function listOf<Item>(data: unknown, read: (item: unknown) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(data)) return undefined
  const items = data.map(read)
  return items.includes(undefined) ? undefined : (items as Item[])
}

/** The name that Git gives to a file's content. */
export const blobName = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex')

/** The page that a `Link` header names as `next` or `last`. */
export function linkedPage(headers: Refusal['headers'], relation: 'next' | 'last'): number | undefined {
  for (const link of String(headers.link ?? '').split(',')) {
    const [, page, found] = /[?&]page=(\d+)[^>]*>;\s*rel="(\w+)"/.exec(link) ?? []
    if (found === relation) return Number(page)
  }
  return undefined
}
