import { curlCommand } from '../api/curl-command.js'
import type { Operation, Resolve } from './openapi-types.js'

/** The call with the document's own examples, as a `curl` command. */
export function callAsCurl(
  base: string,
  { method, path, operation }: { method: string; path: string; operation: Operation },
  resolve: Resolve,
): string {
  const url = new URL(path.slice(1).replace(/\{\w+\}/g, '1'), base)
  const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(operation.requestBody?.content ?? {})
  const [example] = resolve(schema).examples ?? []
  return curlCommand({
    method,
    url: url.href,
    target: url.pathname,
    headers: example === undefined ? [] : [['Content-Type', type]],
    body: example === undefined ? null : JSON.stringify(example),
  })
}
