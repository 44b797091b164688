/** What has no glyph: a name that differs only by it looks the same. */
const INVISIBLE = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/gu
const MARKS = /\p{M}/gu

type ReplaceConfusables = (text: string) => string

/** Loaded with the first name that is compared. */
let confusables: Promise<ReplaceConfusables> | undefined

/**
 * What a name looks like: the same text for names that can be mistaken for each other, whatever their script and case.
 * It follows the skeleton of Unicode UTS 39, and ignores case, marks, and what is invisible.
 *
 * A capital can look like another letter than its small form does (I like l), so there are up to two.
 *
 * @example
 * await skeletonsOf('аlice') // ['alice'], with a Cyrillic а
 */
export async function skeletonsOf(name: string): Promise<readonly string[]> {
  confusables ??= import('unhomoglyph').then((module) => module.default)
  const replace = await confusables
  const folded = name.normalize('NFKC').replace(INVISIBLE, '')
  const skeletonOf = (text: string) => replace(text.normalize('NFKD').replace(MARKS, '')).toLowerCase()
  return [...new Set([skeletonOf(folded.toLowerCase()), skeletonOf(folded)])]
}
