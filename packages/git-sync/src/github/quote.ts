import { createRedactor, redactUnknown } from '../redact.js'

/** Makes words that came from outside fit for an error or a log. */
export type Quote = (words: string) => string

const MAX_LENGTH = 500

/**
 * Takes out secrets, also those of a strategy or an Octokit that we never see, and control characters, and cuts
 * words where they go on.
 */
export function createQuote(token: string | undefined): Quote {
  const redact = createRedactor(token === undefined ? [] : [token])
  return (words) =>
    redactUnknown(redact(words))
      .replace(/\p{Cc}+/gu, ' ')
      .slice(0, MAX_LENGTH)
}
