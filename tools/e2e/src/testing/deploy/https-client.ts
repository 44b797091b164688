import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import { text } from 'node:stream/consumers'

/** A request to a site with a certificate that only the client trusts. */
export interface HttpsRequest {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /** The address that it comes from: any of 127.0.0.0/8. */
  readonly from?: string
}

export interface HttpsResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A client for a site with this certificate. */
export function createHttpsClient(url: string, certificate: string) {
  const agent = new Agent({ ca: certificate, keepAlive: true, maxSockets: 16 })

  /** Resolves as soon as the response begins. */
  async function open(path: string, options: HttpsRequest = {}): Promise<IncomingMessage> {
    const { method = 'GET', headers = {}, body, from = '127.0.0.1' } = options
    const settings: RequestOptions = { agent, method, headers, localAddress: from, host: '127.0.0.1' }
    const target = new URL(path, url)
    const sent = request({
      ...settings,
      servername: target.hostname,
      port: target.port,
      path: target.pathname + target.search,
      headers: { Host: target.host, ...headers },
    })
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }

  return {
    open,
    /** Resolves with the whole response. */
    async call(path: string, options: HttpsRequest = {}): Promise<HttpsResponse> {
      const response = await open(path, options)
      const { statusCode = 0, headers } = response
      return { status: statusCode, headers, text: await text(response) }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}
