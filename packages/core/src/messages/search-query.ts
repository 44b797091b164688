import type { MessageSearch, SearchTerms } from '@gitmsg/store'
import { z } from 'zod'
import { ValidationError } from '../validation-error.js'
import { messageQuerySchema, parseQuery } from './message-query.js'

const MAX_QUERY_CHARACTERS = 256

/** What to search for, and the filters of a list; all that are given must match. */
export interface SearchQuery extends Omit<MessageSearch, keyof SearchTerms | 'signal'> {
  /**
   * Words that must all occur, `"phrases"`, `-words` that must not occur, and a last word with `*` of which only the
   * beginning must. All else is plain text: nothing is invalid, and what has no letters or digits finds nothing. At most
   * 256 characters, of which the first 16 words count.
   */
  readonly q: string
}

const { limit, before, sender, topic, thread, since, until } = messageQuerySchema.shape

export const searchQuerySchema = z.strictObject({
  q: z
    .string()
    .refine((text) => text.isWellFormed())
    .meta({
      description:
        'Words that must all occur, `"phrases"`, `-words` that must not, and a last word with `*` of which only the beginning must. Case and accents make no difference. All else is plain text.',
      maxLength: MAX_QUERY_CHARACTERS,
      examples: ['deploy "rolled back" -test fail*'],
    }),
  sort: z.enum(['newest', 'relevance']).optional().meta({
    description: '`relevance`: the best of the newest 1,000 matches, on one page. Default: newest first.',
  }),
  ...{ limit, before, sender, topic, thread, since, until },
})

/**
 * Checks a search.
 *
 * @throws {ValidationError} `invalid-query`, `invalid-cursor`, or `too-long` for `q`
 */
export function parseSearchQuery(query: unknown): SearchQuery {
  const parsed = parseQuery(searchQuerySchema, query)
  if (Array.from(parsed.q).length <= MAX_QUERY_CHARACTERS) return parsed
  throw new ValidationError('too-long', `q must not have more than ${MAX_QUERY_CHARACTERS} characters.`, 'q')
}
