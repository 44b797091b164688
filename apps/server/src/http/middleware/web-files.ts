import { lstat, realpath } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import serveStatic from 'koa-static'

/** Plain names only: nothing encoded, nothing that starts with a dot. */
const FILE_PATH = /^(?:\/[\w-][\w.-]*)*\/?$/

/** Serves the web tester's files, and nothing that is a link, is no regular file, is hidden, or lies elsewhere. */
export function serveWebFiles(root: string): Middleware {
  const serve = serveStatic(root, { gzip: false, brotli: false, setHeaders: setCharset })
  return async (context, next) => {
    const { path } = context
    const isFile = FILE_PATH.test(path) && (await isPlainFile(root, path.replace(/\/$/, '/index.html')))
    return isFile ? serve(context, next) : next()
  }
}

/** Text has a charset by itself; a drawing is text, too, to whoever opens it alone. */
function setCharset(response: ServerResponse, path: string): void {
  if (path.endsWith('.svg')) response.setHeader('Content-Type', 'image/svg+xml; charset=utf-8')
}

/** A folder is none: its index, which may be a link, has a path of its own. */
async function isPlainFile(root: string, path: string): Promise<boolean> {
  try {
    const file = join(root, path)
    return (await lstat(file)).isFile() && (await realpath(file)) === join(await realpath(root), path)
  } catch {
    return false
  }
}
