import type { Logger } from '../logger.js'
import type { Quote } from './quote.js'

/** Where an Octokit says what it has to say. */
export interface OctokitLog {
  debug(): void
  info(): void
  warn(words: string): void
  error(): void
}

const nothing = (): void => {}

/**
 * Passes on only warnings, which have words from outside in them: that an answer calls itself deprecated, that
 * clocks differ. What failed is thrown, too, and every answer is logged where it is read.
 */
export const createOctokitLog = (logger: Logger, quote: Quote): OctokitLog => ({
  debug: nothing,
  info: nothing,
  warn: (words) => logger.debug({ words: quote(String(words)) }, 'Octokit gave a warning'),
  error: nothing,
})
