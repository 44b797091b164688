import type { Message } from '@gitmsg/client'
import { escapeControls } from '../../log/redact.js'
import type { Paint } from '../command-context.js'

const HASH_LENGTH = 7
const INDENT = '    '
const TAB = '    '

/**
 * Formats a message for people: its id, commit, time and sender, then the text, whose further lines are indented. No
 * character of it acts on the terminal. `text` is what to show in place of the content, safe for the terminal.
 */
export function describeMessage(message: Message, paint: Paint, text = contentOf(message)): string {
  const { id, git_hash, timestamp, sender, topic } = message
  const safe: Paint = (style, text) => paint(style, escapeControls(text))
  const commit = git_hash?.slice(0, HASH_LENGTH) ?? '-'.repeat(HASH_LENGTH)
  const words = [
    safe('dim', `${id} ${commit} ${timestamp.slice(0, 19)}Z`),
    ...(topic === undefined ? [] : [safe('green', `[${topic}]`)]),
    `${safe('bold', sender)}:`,
    ...(text === null ? [] : [text]),
    ...notesOn(message).map((note) => safe('dim', `(${note})`)),
  ]
  return `${words.join(' ')}\n`
}

const contentOf = ({ content }: Message): string | null => (content === null ? null : indentText(content))

/** Escapes control characters, and indents all lines but the first. */
export function indentText(content: string): string {
  const text = content.replaceAll('\r\n', '\n').replaceAll('\t', TAB)
  return escapeControls(text).replaceAll('\n', `\n${INDENT}`)
}

function notesOn({ format, reply_to, version = 1, deleted }: Message): string[] {
  if (deleted) return ['deleted']
  if (format === 'reaction') return [`reaction to ${reply_to}`]
  return [...(reply_to === undefined ? [] : [`reply to ${reply_to}`]), ...(version > 1 ? ['edited'] : [])]
}
