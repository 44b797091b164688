/** Accents of Latin and Greek letters. */
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu

/** Accents on their own, Hebrew points, Arabic vowels and lengthening, marks of keycaps, and what selects a glyph. */
const OPTIONAL_MARKS =
  /[\u0300\u0301\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]|[\u20d0-\u20ff\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|\u0640|^[\u0300-\u036f]$/gu

/** Letters whose accent is not one for Unicode, ligatures, and other forms of one letter. */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', þ: 'th', ё: 'е' }),
)

/** Most alphabets are below, so that few characters are remembered. */
const END_OF_ALPHABETS = '\u3000'

const folded = new Map<string, string>()

/**
 * Folds a character: what remains is the same for both cases, with and without accents, in all widths and ligatures.
 * A mark that makes no difference becomes empty.
 */
export function foldCharacter(character: string): string {
  const known = folded.get(character)
  if (known !== undefined) return known
  const result = fold(character)
  if (character < END_OF_ALPHABETS) folded.set(character, result)
  return result
}

function fold(character: string): string {
  const letters = character
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(OPTIONAL_MARKS, '')
    // Both, for letters that have only one of the cases: ß, and i without a dot.
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
  return LETTERS.get(letters) ?? letters
}
