import { createRedactor } from '@gitmsg/git-sync'
import { SECRET_SHAPE } from './access/access-token.js'

/** Everything that a terminal or a viewer acts on but the line's own end; JSON leaves much of it as it is. */
const ACTIVE = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
/** An escape in JSON whose meaning is a control; the line breaks of a stack are harmless and wanted. */
const ESCAPED = /\\(?:[\\"/]|n(?= {4}at |caused by: )|t|(u[0-9a-f]{4}|[bfnr]))/g

/** A function that takes secrets out of a line, in every form in which they may have got there, and access tokens. */
export function createLineRedactor(secrets: readonly string[]): (line: string) => string {
  const redact = createRedactor(secrets)
  const accessToken = new RegExp(SECRET_SHAPE, 'g')
  return (line) => redact(line).replaceAll(accessToken, '[redacted]')
}

/** A line of JSON with the same meaning, in which nothing acts on whoever looks at it. */
export function escapeControls(line: string): string {
  return line.replaceAll(ACTIVE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** The same for a line that is read out of JSON before it is shown: what was escaped stays so. */
export function escapeForReading(line: string): string {
  return escapeControls(line).replaceAll(ESCAPED, (found, control) => (control ? `\\\\${control}` : found))
}
