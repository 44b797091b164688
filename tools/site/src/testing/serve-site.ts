import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { DIST } from './build-site.js'

/** The folder of the site on its host. */
export const BASE = '/gitmsg/'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** The file for an address below the base; `undefined` if there is none. */
export function fileFor(address: string): string | undefined {
  const path = decodeURI(new URL(address, 'http://site').pathname)
  if (!path.startsWith(BASE)) return undefined
  const file = join(DIST, path.slice(BASE.length), path.endsWith('/') ? 'index.html' : '')
  return existsSync(file) && statSync(file).isFile() ? file : undefined
}

/** Serves the built site on a free port. */
export async function serveSite() {
  const server = createServer(({ url = '/' }, response) => {
    const file = fileFor(url)
    if (file === undefined) return response.writeHead(404).end()
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
    return createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    [Symbol.dispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
