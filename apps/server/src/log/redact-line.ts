import { createRedactor } from '@gitmsg/git-sync'
import { SECRET_SHAPE } from '../access/access-token.js'

/** Every character that a terminal or a log viewer acts on, except the line break that ends the line. */
const ACTIVE_CHARACTER = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
/** A JSON escape. Captures those of control characters, except the line breaks of a stack trace. */
const JSON_ESCAPE = /\\(?:[\\"/]|n(?= {4}at |caused by: )|t|(u[0-9a-f]{4}|[bfnr]))/g

/** Returns a function that redacts `secrets`, in every encoding, and all access tokens in a line. */
export function createLineRedactor(secrets: readonly string[]): (line: string) => string {
  const redact = createRedactor(secrets)
  const accessToken = new RegExp(SECRET_SHAPE, 'g')
  return (line) => redact(line).replaceAll(accessToken, '[redacted]')
}

/** Escapes control characters that JSON leaves as they are. A line of JSON keeps its meaning. */
export function escapeControls(line: string): string {
  return line.replaceAll(ACTIVE_CHARACTER, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Like {@link escapeControls}, for a line of JSON whose strings are decoded before they are shown. */
export function escapeDecodedControls(line: string): string {
  return escapeControls(line).replaceAll(JSON_ESCAPE, (found, control) =>
    control ? `\\\\${control}` : found,
  )
}
