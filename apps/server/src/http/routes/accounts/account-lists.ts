import { parseQueryString } from '@gitmsg/core'
import type { RouterContext } from '@koa/router'
import type { Context } from 'koa'
import type { z } from 'zod'
import { problem } from '../../errors.js'
import { pageJsonSchema } from '../../openapi/accounts/page-queries.js'
import { linkTo } from '../page.js'

const DEFAULT_LIMIT = 50

/** Responds with a page of a list, and links to the next one unless this one is not full. */
export async function sendList<Query extends { readonly limit?: number | undefined }, Item>(
  context: RouterContext,
  { query, read, cursor, toApi }: ListDescription<Query, Item>,
): Promise<void> {
  const parsed = parsePageQuery(context, query)
  const limit = parsed.limit ?? DEFAULT_LIMIT
  const items = await read({ ...parsed, limit })
  const last = items.at(-1)
  if (last !== undefined && items.length === limit) {
    context.set('Link', linkTo({ ...parsed, limit, ...cursor(last) }))
  }
  context.body = items.map(toApi)
}

interface ListDescription<Query, Item> {
  readonly query: z.ZodType<Query>
  readonly read: (query: Query & { readonly limit: number }) => Promise<readonly Item[]>
  /** What the query of the next page has besides. */
  readonly cursor: (last: Item) => object
  readonly toApi: (item: Item) => object
}

/** @throws {HttpError} `invalid_query`, `invalid_cursor` */
function parsePageQuery<Query>(context: Context, query: z.ZodType<Query>): Query {
  const result = query.safeParse(parseQueryString(context.querystring, pageJsonSchema(query)))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.code === 'unrecognized_keys' ? undefined : String(issue?.path[0])
  const isCursor = field === 'after' || field === 'before'
  throw problem(isCursor ? 'invalid_cursor' : 'invalid_query', { field })
}
