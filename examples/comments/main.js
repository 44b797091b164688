import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Serves the site, as any web server does. gitmsg itself is elsewhere: see `data-server` in the pages. */

const SITE = join(import.meta.dirname, 'site')
const CLIENT = fileURLToPath(import.meta.resolve('@gitmsg/client'))
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' }

const server = createServer(async (request, response) => {
  const name = basename(new URL(request.url, 'http://site').pathname) || 'first.html'
  const path = name === 'gitmsg-client.js' ? CLIENT : join(SITE, name)
  try {
    const content = await readFile(path)
    response.setHeader('Content-Type', `${TYPES[extname(name)]}; charset=utf-8`).end(content)
  } catch {
    response.writeHead(404).end()
  }
})

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`The site is at http://127.0.0.1:${server.address().port}/`)
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
  })
}
