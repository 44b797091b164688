import type { ExchangeRequest } from './exchange.js'

/** Quotes text as one word of a POSIX shell command: unchanged if it is safe, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** The request as a `curl` command for a POSIX shell, one option per line. */
export function curlCommand({ method, url, headers, body }: ExchangeRequest): string {
  const options = headers.map(([name, value]) => `--header ${shellWord(`${name}: ${value}`)}`)
  if (method !== (body === null ? 'GET' : 'POST')) options.unshift(`--request ${method}`)
  if (body !== null) options.push(`--data-raw ${shellWord(body)}`)
  return [`curl --include ${shellWord(url)}`, ...options].join(' \\\n  ')
}
