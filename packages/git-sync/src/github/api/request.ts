import { createHash } from 'node:crypto'
import { GitSyncError } from '../../git-sync-error.js'
import type { ErrorResponse } from './failure.js'

/** A request to GitHub as data: what to send, and how to read each response. */
export interface GithubRequest<Result> {
  /** As in GitHub's documentation; `{owner}` and `{repo}` are filled in. */
  readonly route: `${'GET' | 'POST' | 'PATCH' | 'PUT'} /${string}`
  readonly parameters?: Readonly<Record<string, unknown>>
  /** For a response that may be large: the limit is at least this. */
  readonly minResponseLimitBytes?: number
  /** Returns `undefined` for anything that GitHub does not document: it was cut short, or is not GitHub's. */
  readonly read: (data: unknown, headers: ErrorResponse['headers']) => Result | undefined
  /** Returns the result that an error response stands for; `undefined` if it is an error. */
  readonly readError?: (response: ErrorResponse) => Result | undefined
}

/** For reading what GitHub itself has named: if it says that there is no such thing, it will know it soon. */
export function throwIfNotYetKnown({ status, message }: ErrorResponse): undefined {
  if (![404, 409, 422].includes(status)) return
  throw new GitSyncError('unavailable', `GitHub cannot see this yet (${status} ${message})`)
}

/** Whether a request counts against the limits on writing. */
export const isWrite = ({ route }: { route: string }): boolean => !route.startsWith('GET ')

/** A value in a response by its path, e.g. `at(data, 'commit', 'tree', 'sha')`. */
export const at = (data: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], data)

/** A string in a response. */
export function textAt(data: unknown, ...path: string[]): string | undefined {
  const value = at(data, ...path)
  return typeof value === 'string' ? value : undefined
}

/** An object name in a response. */
export function hashAt(data: unknown, ...path: string[]): string | undefined {
  const text = textAt(data, ...path)
  return text !== undefined && /^[0-9a-f]{40}$/.test(text) ? text : undefined
}

/** The items of an array in a response; `undefined` if there is no array or one of its items cannot be read. */
export function listOf<Item>(data: unknown, read: (item: unknown) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(data)) return undefined
  const items = data.map(read)
  return items.includes(undefined) ? undefined : (items as Item[])
}

/** The object name that Git gives to a file's content. */
export const blobName = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex')

/** The page that a `Link` header names as `next` or `last`. */
export function linkedPage(headers: ErrorResponse['headers'], relation: 'next' | 'last'): number | undefined {
  for (const link of String(headers.link ?? '').split(',')) {
    const [, page, found] = /[?&]page=(\d+)[^>]*>;\s*rel="(\w+)"/.exec(link) ?? []
    if (found === relation) return Number(page)
  }
  return undefined
}
