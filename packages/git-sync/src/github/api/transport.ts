import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import type { Dispatcher } from 'undici'
import { GitSyncError } from '../../git-sync-error.js'
import { findProxy } from './find-proxy.js'

/** How the API is reached. */
export interface TransportOptions {
  /** The address of the API. */
  readonly url: string
  /** The caller's variables, for `HTTPS_PROXY` and `NO_PROXY`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A file of certificate authorities in PEM, to trust besides those of Node.js. */
  readonly caFile: string | undefined
}

/** A `fetch` that goes through a proxy, or trusts another certificate authority. */
export interface Transport {
  readonly fetch: (url: string, options: object) => Promise<unknown>
  /** Closes its connections. */
  close(): Promise<void>
}

/**
 * Creates a transport; `null` if the `fetch` of Node.js does, which knows neither proxies nor further authorities.
 * Reads no file and loads nothing before the first request.
 *
 * @throws {GitSyncError} `misconfigured` for a proxy that cannot be used
 */
export function createTransport({ url, environment, caFile }: TransportOptions): Transport | null {
  const proxy = findProxy(url, environment)
  if (proxy === null && caFile === undefined) return null
  let opening: Promise<Connections> | undefined

  async function open(): Promise<Connections> {
    const ca = caFile === undefined ? undefined : [...rootCertificates, await readAuthorities(caFile)]
    return openConnections(proxy, ca)
  }

  return {
    async fetch(target, options) {
      opening ??= open()
      try {
        const { fetch, dispatcher } = await opening
        return await fetch(target, { ...options, dispatcher })
      } catch (error) {
        if (error instanceof GitSyncError) opening = undefined // the file may be there the next time
        throw error
      }
    },
    async close() {
      const connections = await opening?.catch(() => undefined)
      await connections?.dispatcher.destroy()
    },
  }
}

interface Connections {
  readonly fetch: (url: string, options: object) => Promise<unknown>
  readonly dispatcher: Dispatcher
}

async function openConnections(proxy: URL | null, ca: string[] | undefined): Promise<Connections> {
  const { Agent, ProxyAgent, fetch } = await import('undici')
  const tls = ca === undefined ? {} : { ca }
  const dispatcher =
    proxy === null
      ? new Agent({ connect: tls })
      : new ProxyAgent({ uri: proxy.href, requestTls: tls, proxyTls: tls })
  return { fetch, dispatcher }
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new GitSyncError('misconfigured', 'the CA file cannot be read')
  }
}
