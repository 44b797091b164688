import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Certificates of an authority that no system trusts. */
export interface PrivateAuthority {
  /** Its certificate. */
  readonly caFile: string
  /** Key and certificate of `localhost`, 127.0.0.1 and `git.example.test`. */
  readonly key: string
  readonly cert: string
}

/** Makes an authority in a folder; needs openssl. */
export async function createPrivateAuthority(folder: string): Promise<PrivateAuthority> {
  const [caKey, caFile, key, csr, cert, extensions] = [
    'ca.key',
    'ca.pem',
    'host.key',
    'host.csr',
    'host.pem',
    'host.ext',
  ].map((name) => join(folder, name)) as [string, string, string, string, string, string]
  const newKey = ['req', '-newkey', 'rsa:2048', '-nodes']
  const names = 'subjectAltName=DNS:localhost,DNS:git.example.test,IP:127.0.0.1'
  await run('openssl', [
    ...newKey,
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=Private CA',
    '-keyout',
    caKey,
    '-out',
    caFile,
  ])
  await run('openssl', [...newKey, '-subj', '/CN=localhost', '-keyout', key, '-out', csr])
  await writeFile(extensions, names)
  const sign = ['x509', '-req', '-days', '2', '-CAcreateserial', '-extfile', extensions]
  await run('openssl', [...sign, '-in', csr, '-CA', caFile, '-CAkey', caKey, '-out', cert])
  return { caFile, key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
}

/** A server of a test; `using` closes it with its connections. */
export interface TestServer extends AsyncDisposable {
  readonly port: number
  /** What it was asked for. */
  readonly requests: readonly string[]
}

/** Serves over https what another server on this machine serves over http. */
export async function startHttpsFront(target: string, { key, cert }: PrivateAuthority): Promise<TestServer> {
  const { hostname, port } = new URL(target)
  const requests: string[] = []
  return listen(
    createHttpsServer({ key, cert }, forwardTo({ hostname, port, requests })) as unknown as Server,
    requests,
  )
}

const forwardTo =
  ({ hostname, port, requests }: { hostname: string; port: string; requests: string[] }): RequestListener =>
  (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const { method, url: path, headers } = request
    const forwarded = httpRequest({ hostname, port, method, path, headers }, (result) => {
      response.writeHead(result.statusCode ?? 502, result.headers)
      result.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    request.pipe(forwarded)
  }

/** A proxy for https: tunnels every CONNECT to this machine, whatever its host, if it has the credential. */
export async function startConnectProxy(credential?: string): Promise<TestServer> {
  const requests: string[] = []
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', ({ url = '', headers }, socket) => {
    requests.push(url)
    const expected = credential && `Basic ${Buffer.from(credential).toString('base64')}`
    socket.on('error', () => {})
    if (expected && headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\n\r\n')
      return
    }
    const tunnel = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      tunnel.pipe(socket).pipe(tunnel)
    })
    tunnel.on('error', () => socket.destroy())
    socket.on('close', () => tunnel.destroy())
  })
  return listen(server, requests)
}

async function listen(server: Server, requests: readonly string[]): Promise<TestServer> {
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
