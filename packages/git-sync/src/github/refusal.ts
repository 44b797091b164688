import type { OctokitAnswer } from './octokit-like.js'

/** An answer of GitHub with a status of 400 or more. */
export interface Refusal {
  readonly status: number
  /** GitHub's own words, of which only these are kept: without control characters, and cut where they go on. */
  readonly message: string
  readonly headers: Readonly<Record<string, string | number | undefined>>
}

const MAX_LENGTH = 500

/** Reads what a refusal says. An answer that is not GitHub's (a proxy's page) says nothing. */
export function refusalOf({ status, data, headers }: OctokitAnswer): Refusal {
  const { message, errors } = (typeof data === 'object' && data !== null ? data : {}) as Record<
    string,
    unknown
  >
  const details = (Array.isArray(errors) ? errors : []).map((error) => textOf(error?.message ?? error))
  const said = [textOf(message), ...details].filter((text) => text !== '').join(': ')
  return { status, message: said.replace(/\p{Cc}+/gu, ' ').slice(0, MAX_LENGTH), headers }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
