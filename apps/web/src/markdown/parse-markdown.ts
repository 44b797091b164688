import MarkdownIt, { type Token } from 'markdown-it'

const ALLOWED_PROTOCOLS = new Set(['http:', 'https:', 'mailto:'])

/** The parser drops what is nested deeper. */
const MAX_NESTING = 100

const parser = new MarkdownIt({ html: false, linkify: true, maxNesting: MAX_NESTING })
// What is not a link stays in the text as it was written.
parser.validateLink = isSafeLink

/** Whether a link may lead there: to an absolute `http:`, `https:` or `mailto:` URL. */
export function isSafeLink(target: string): boolean {
  return URL.canParse(target) && ALLOWED_PROTOCOLS.has(new URL(target).protocol)
}

/**
 * Parses CommonMark with tables, strikethrough and bare URLs; HTML is text.
 * Returns `null` for text that is nested too deeply to be shown whole.
 */
export function parseMarkdown(source: string): readonly Token[] | null {
  const tokens = parser.parse(source, {})
  return tokens.some(({ level }) => level >= MAX_NESTING - 1) ? null : tokens
}
