import { GitSyncError } from '../../git-sync-error.js'

/** More than any response of GitHub: it lists at most 7 MB of a folder. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024

/** The part of a response that an Octokit reads. */
interface FetchResponse {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly headers: Iterable<[string, string]>
  readonly body: AsyncIterable<Uint8Array> | null
}

/** The part of `fetch` that an Octokit uses. */
export type Fetch = (url: string, options: object) => Promise<unknown>

/**
 * A `fetch` that ends a response once it exceeds a limit, which applies to its decompressed bytes: a few kilobytes can
 * become gigabytes. Rejects with `misconfigured` then. The whole body has been read when it resolves.
 *
 * @param minLimitBytes raises the limit
 */
export function limitResponse(fetch: Fetch, minLimitBytes = 0): Fetch {
  const maxBytes = Math.max(MAX_RESPONSE_BYTES, minLimitBytes)
  return async function limitedFetch(target, options) {
    const { status, statusText, url, headers, body } = (await fetch(target, options)) as FetchResponse
    const bytes = await readAtMost(maxBytes, body)
    return {
      status,
      statusText,
      url,
      headers,
      body: null,
      text: async () => new TextDecoder().decode(bytes),
      arrayBuffer: async () => new Uint8Array(bytes).buffer,
    }
  }
}

async function readAtMost(maxBytes: number, body: FetchResponse['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop ends the response.
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) {
      const limit = `${Math.round(maxBytes / 1024 / 1024)} MiB`
      throw new GitSyncError(
        'misconfigured',
        `a response from GitHub, or a proxy, is over ${limit}: not read`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
