import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname } from 'node:path'

const PATH = '/usr/local/bin:/usr/bin:/bin'

/** A Git host over http. */
export interface LimitedGitHost extends AsyncDisposable {
  readonly url: string
  /** How many requests were too large. */
  readonly rejected: number
}

/** Serves a bare repository through `git http-backend`, as behind a proxy that takes bodies of at most `maxBytes`. */
export async function startLimitedGitHost(repository: string, maxBytes: number): Promise<LimitedGitHost> {
  let rejected = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength
      if (bytes <= maxBytes) chunks.push(chunk)
    }
    if (bytes <= maxBytes) return serve({ repository, request, body: Buffer.concat(chunks) }, response)
    rejected += 1
    response.writeHead(413, { 'content-type': 'text/html' }).end('<h1>413 Request Entity Too Large</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${basename(repository)}`,
    get rejected() {
      return rejected
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The part of the Common Gateway Interface that git needs. */
function serve(
  { repository, request, body }: { repository: string; request: IncomingMessage; body: Buffer },
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH,
      GIT_PROJECT_ROOT: dirname(repository),
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'tester',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: searchParams.toString(),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
  })
  backend.stdin.on('error', () => {})
  backend.stdin.end(body)
  const chunks: Buffer[] = []
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  backend.on('close', () => {
    const output = Buffer.concat(chunks)
    const end = output.indexOf('\r\n\r\n')
    const head = output.subarray(0, end).toString()
    const headers = new Map(head.split('\r\n').map((line) => line.split(': ', 2) as [string, string]))
    const status = Number.parseInt(headers.get('Status') ?? '200', 10)
    headers.delete('Status')
    response
      .setHeaders(headers)
      .writeHead(status)
      .end(output.subarray(end + 4))
  })
}
