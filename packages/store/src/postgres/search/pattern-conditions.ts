import { type RawBuilder, sql } from 'kysely'
import { pairsOf } from '../../text/pairs.js'
import type { SearchPattern, SearchPatterns } from '../../text/search-patterns.js'

/** Of the ids. As in the index, which cannot be read with another number. */
export const PARTITION_SIZE = 4_096

/** What is looked up in the index, and in the texts that are found. */
export interface LookedUp extends SearchPatterns {
  /** Required, too, but only looked for in the texts that have the others. */
  readonly alsoRequired?: readonly SearchPattern[]
}

/** What the indexes know of a partition: which messages have all the words of these patterns, or their pairs. */
export function lookingUp(patterns: SearchPatterns, partition: RawBuilder<unknown>): RawBuilder<boolean>[] {
  // Terms have nothing to quote, and no `_`, which stands for the partition.
  function find(column: 'words' | 'pairs', terms: readonly string[]): RawBuilder<boolean>[] {
    if (terms.length === 0) return []
    const texts = sql.ref(`search.${column}`)
    const indexed = sql`replace(${texts}, ' ', ' ' || (search.id / ${sql.lit(PARTITION_SIZE)})::text || '.')::tsvector`
    const found = sql<boolean>`${indexed} @@ replace(${terms.join(' & ')}, '_', ${partition}::text || '.')::tsquery`
    return column === 'pairs' ? [sql<boolean>`${texts} is not null`, found] : [found]
  }
  const quote = (term: string) => `'_${term}'`
  const toTerms = ({ words, isPrefix }: SearchPattern) =>
    words.map(quote).join(' & ') + (isPrefix ? ':*' : '')
  const byWords = patterns.required.filter((pattern) => pairsOf(pattern) === null)
  const without = patterns.excluded.filter((pattern) => isLookedUp(pattern, patterns))
  return [
    ...find('words', [...byWords.map(toTerms), ...without.map((pattern) => `!${toTerms(pattern)}`)]),
    ...find('pairs', patterns.required.flatMap((pattern) => pairsOf(pattern) ?? []).map(quote)),
  ]
}

/** Whether the index knows all of a pattern, so that the texts need not be read. */
export function isLookedUp(pattern: SearchPattern, { required, excluded }: SearchPatterns): boolean {
  // An index finds nothing by what it must not have alone.
  if (excluded.includes(pattern) && required.every((one) => pairsOf(one) !== null)) return false
  return pattern.words.length === 1
}

/** Looks for the words of some patterns in the text of all words: exact, however long it is. */
export function checking(
  { required, alsoRequired = [], excluded }: LookedUp,
  isChecked: (pattern: SearchPattern) => boolean,
): RawBuilder<boolean>[] {
  return [
    ...[...required.filter(isChecked), ...alsoRequired].map(
      (pattern) => sql<boolean>`${placeOf(pattern)} > 0`,
    ),
    ...excluded.filter(isChecked).map((pattern) => sql<boolean>`${placeOf(pattern)} = 0`),
  ]
}

/** Looks for each word of a pattern apart from the others. */
export const havingWords = ({ words, isPrefix }: SearchPattern): RawBuilder<boolean>[] =>
  words.map((word, index) => {
    const place = placeOf({ words: [word], isPrefix: isPrefix && index === words.length - 1 })
    return sql<boolean>`${place} > 0`
  })

/** Where a pattern begins in the text of all words; 0: nowhere. */
const placeOf = ({ words, isPrefix }: SearchPattern): RawBuilder<number> =>
  isPrefix
    ? sql`strpos(search.words, ${toText(words)})`
    : sql`strpos(search.words || ' ', ${`${toText(words)} `})`

const toText = (words: readonly string[]): string => words.map((word) => ` ${word}`).join('')
