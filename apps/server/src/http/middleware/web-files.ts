import { lstat, realpath } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import serveStatic from 'koa-static'

/** Plain names only: nothing percent-encoded, nothing that starts with a dot. */
const FILE_PATH = /^(?:\/[\w-][\w.-]*)*\/?$/

/** Serves the web tester's regular files. Links, hidden files and anything outside the folder do not exist. */
export function serveWebFiles(root: string): Middleware {
  const serve = serveStatic(root, { gzip: false, brotli: false, setHeaders: setCharset })
  return async function webFiles(context, next) {
    const { path } = context
    const isFile = FILE_PATH.test(path) && (await isPlainFile(root, path.replace(/\/$/, '/index.html')))
    return isFile ? serve(context, next) : next()
  }
}

/** Other text types have a charset already; SVG is text too when it is opened on its own. */
function setCharset(response: ServerResponse, path: string): void {
  if (path.endsWith('.svg')) response.setHeader('Content-Type', 'image/svg+xml; charset=utf-8')
}

/** Whether the path is a regular file that no link leads to. */
async function isPlainFile(root: string, path: string): Promise<boolean> {
  try {
    const file = join(root, path)
    return (await lstat(file)).isFile() && (await realpath(file)) === join(await realpath(root), path)
  } catch {
    return false
  }
}
