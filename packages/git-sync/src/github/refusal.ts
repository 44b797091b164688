import type { OctokitAnswer } from './octokit-like.js'
import type { Quote } from './quote.js'

/** An answer of GitHub with a status of 400 or more. */
export interface Refusal {
  readonly status: number
  /** GitHub's own words. */
  readonly message: string
  /** The permission that the token lacks, where GitHub says so. */
  readonly needed: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

/** Reads what a refusal says. An answer that is not GitHub's (a proxy's page) says nothing. */
export function refusalOf({ status, data, headers }: OctokitAnswer, quote: Quote): Refusal {
  const { message, errors } = (typeof data === 'object' && data !== null ? data : {}) as Record<
    string,
    unknown
  >
  const details = (Array.isArray(errors) ? errors : []).map((error) => textOf(error?.message ?? error))
  const said = [textOf(message), ...details].filter((text) => text !== '').join(': ')
  const needed = textOf(headers['x-accepted-github-permissions'])
  return { status, message: quote(said), needed: quote(needed), headers }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
