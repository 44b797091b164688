import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.js'
import { gitmsg } from '../gitmsg.js'
import type { RunningServer } from '../run-server.js'
import { openWorkspace } from '../workspace.js'
import { makeCertificate } from './certificate.js'
import { proxySettings, readDeployFile } from './deploy-files.js'
import { createHttpsClient, type HttpsResponse } from './https-client.js'
import { runNginx } from './run-nginx.js'

/**
 * A server behind nginx, with `examples/deploy/nginx.conf` and the settings in its comment. Its folder has the file
 * `token`, with an access token.
 *
 * @param more further settings
 */
export async function openSite(more: Record<string, string>) {
  const workspace = await openWorkspace()
  const certificate = makeCertificate(workspace.path)
  const [port, httpPort, httpsPort] = [await freePort(), await freePort(), await freePort()]
  const text = readDeployFile('nginx.conf').replaceAll('chat.example.org', `localhost:${httpsPort}`)
  const settings: Record<string, string> = { ...proxySettings(text), ...more, PORT: port }
  const created = gitmsg(workspace.path, ['token', 'create', '--scope', 'read,write,admin'], settings)
  writeFileSync(join(workspace.path, 'token'), created.stdout)
  const token = created.stdout.trim()
  const headers = { Authorization: `Bearer ${token}` }
  let server: RunningServer = await workspace.start(settings)
  const url = `https://localhost:${httpsPort}/chat/`
  const nginx = await runNginx({
    ...{ folder: workspace.path, certificate, httpPort, httpsPort },
    upstream: `127.0.0.1:${port}`,
  })
  const https = createHttpsClient(url, certificate.pem)

  return {
    folder: workspace.path,
    certificate,
    settings,
    /** What a request of a program needs. */
    headers,
    /** Where people and programs reach it. */
    url,
    /** The same host without TLS. */
    plainUrl: `http://127.0.0.1:${httpPort}`,
    https,
    post: (body: object): Promise<HttpsResponse> =>
      https.call('messages', {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ sender: 'alice', ...body }),
      }),
    /** What the server has written since it was started. */
    output: () => server.output(),
    stop: () => server.stop(),
    async restart(): Promise<void> {
      server = await workspace.start(settings)
    },
    async [Symbol.asyncDispose]() {
      https[Symbol.dispose]()
      await nginx[Symbol.asyncDispose]()
      await workspace[Symbol.asyncDispose]()
    },
  }
}
