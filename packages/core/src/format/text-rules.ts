/** Why a text is refused, in the order in which the rules are tried. */
export type TextProblem = 'empty' | 'too-long' | 'invalid-characters'

/** Limits in Unicode code points. */
export const MAX_CONTENT_LENGTH = 32_768
export const MAX_SENDER_LENGTH = 64

const BLANK = /^\p{White_Space}*$/u
/** White space and what shows nothing, as the blank of Braille: a name of these would look like no name. */
const INVISIBLE = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u
/** Control, line and paragraph separators, bidirectional controls, unassigned. */
const UNFIT_FOR_A_NAME = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cn}]/u
const LONE_COMBINING_MARK = /^\p{M}/u

/**
 * The same rules in the words of JSON Schema, whose lengths are code points, too. Of a pattern with the flag `u`,
 * `\p{Cs}` is what makes a text not well-formed.
 */
export const CONTENT_RULES = {
  minLength: 1,
  maxLength: MAX_CONTENT_LENGTH,
  pattern: String.raw`^(?=[^]*\P{White_Space})[^\u0000\p{Cs}]*$`,
}
export const SENDER_RULES = {
  minLength: 1,
  maxLength: MAX_SENDER_LENGTH,
  pattern: String.raw`^(?!\p{M})(?=[^]*[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800])[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cn}\p{Cs}]*$`,
}

/** What is wrong with a message's content; `null` when nothing is. */
export function contentProblem(text: string): TextProblem | null {
  if (BLANK.test(text)) return 'empty'
  if (isLongerThan(text, MAX_CONTENT_LENGTH)) return 'too-long'
  if (!text.isWellFormed() || text.includes('\0')) return 'invalid-characters'
  return null
}

/** What is wrong with a sender's name; `null` when nothing is. */
export function senderProblem(text: string): TextProblem | null {
  if (isLongerThan(text, MAX_SENDER_LENGTH)) return 'too-long'
  if (INVISIBLE.test(text)) return 'empty'
  const fit = text.isWellFormed() && !UNFIT_FOR_A_NAME.test(text) && !LONE_COMBINING_MARK.test(text)
  return fit ? null : 'invalid-characters'
}

/** Counts code points, and stops early: a text of many megabytes costs no more than its limit. */
function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  if (text.length > 2 * limit) return true
  let length = 0
  for (const _ of text) length += 1
  return length > limit
}
