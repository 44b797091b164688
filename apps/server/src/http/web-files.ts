import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import serveStatic from 'koa-static'

/** Plain names only: nothing encoded, nothing that starts with a dot. */
const FILE_PATH = /^(?:\/[\w-][\w.-]*)*\/?$/

/** Serves the web tester's files, and nothing that is a link, is hidden, or lies elsewhere. */
export function serveWebFiles(root: string): Middleware {
  const serve = serveStatic(root, { gzip: false, brotli: false })
  return async (context, next) => {
    const { path } = context
    const isFile = FILE_PATH.test(path) && (await isWithoutLinks(root, path.replace(/\/$/, '/index.html')))
    return isFile ? serve(context, next) : next()
  }
}

async function isWithoutLinks(root: string, path: string): Promise<boolean> {
  try {
    return (await realpath(join(root, path))) === join(await realpath(root), path)
  } catch {
    return false
  }
}
