/** Why a text is invalid, in the order in which the rules are checked. */
export type TextProblem = 'empty' | 'too-long' | 'invalid-characters'

/** Limits in Unicode code points. */
export const MAX_CONTENT_LENGTH = 32_768
export const MAX_NAME_LENGTH = 64

const BLANK = /^\p{White_Space}*$/u
/** White space and characters without a glyph, such as the Braille blank: a name made of these would look empty. */
const INVISIBLE = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u
/** Control characters, line and paragraph separators, bidirectional controls, unassigned code points. */
const UNFIT_FOR_A_NAME = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cn}]/u
const LONE_COMBINING_MARK = /^\p{M}/u

/**
 * The same rules as JSON Schema, whose lengths are in code points, too. With the flag `u`, `\p{Cs}` in a pattern
 * matches what makes a text ill-formed.
 */
export const CONTENT_RULES = {
  minLength: 1,
  maxLength: MAX_CONTENT_LENGTH,
  pattern: String.raw`^(?=[^]*\P{White_Space})[^\u0000\p{Cs}]*$`,
}
export const NAME_RULES = {
  minLength: 1,
  maxLength: MAX_NAME_LENGTH,
  pattern: String.raw`^(?!\p{M})(?=[^]*[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800])[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cn}\p{Cs}]*$`,
}

/** What is wrong with a message's content, or `null`. */
export function contentProblem(text: string): TextProblem | null {
  if (BLANK.test(text)) return 'empty'
  if (isLongerThan(text, MAX_CONTENT_LENGTH)) return 'too-long'
  if (!text.isWellFormed() || text.includes('\0')) return 'invalid-characters'
  return null
}

/** What is wrong with the name of a sender or a topic, or `null`. */
export function nameProblem(text: string): TextProblem | null {
  if (isLongerThan(text, MAX_NAME_LENGTH)) return 'too-long'
  if (INVISIBLE.test(text)) return 'empty'
  const fit = text.isWellFormed() && !UNFIT_FOR_A_NAME.test(text) && !LONE_COMBINING_MARK.test(text)
  return fit ? null : 'invalid-characters'
}

/** The sets of strings in a pattern are newer than the language version that the sources are compiled for. */
const WITH_SETS: string = 'v'
const REACTION = new RegExp('^\\p{RGI_Emoji}$', WITH_SETS)

/** Whether a text is one emoji, as Unicode recommends it for interchange. */
export const isReactionContent = (text: string): boolean => REACTION.test(text)

/** Counts code points and stops early: a text of many megabytes costs no more than one at the limit. */
function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  if (text.length > 2 * limit) return true
  let length = 0
  for (const _ of text) length += 1
  return length > limit
}
