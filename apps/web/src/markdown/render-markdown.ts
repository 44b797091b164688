import type { Token } from 'markdown-it'
import { build } from '../page/elements.js'
import { isSafeLink, parseMarkdown } from './parse-markdown.js'

/** The element of each block or span that has content; nothing else is ever created, but for links and headings. */
const ELEMENTS: Readonly<Record<string, string>> = {
  paragraph: 'p',
  blockquote: 'blockquote',
  bullet_list: 'ul',
  ordered_list: 'ol',
  list_item: 'li',
  table: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
  strong: 'strong',
  em: 'em',
  s: 's',
}

/** Headings start below those of the page. */
const HEADINGS: Readonly<Record<string, string>> = { h1: 'h3', h2: 'h4', h3: 'h5' }

const LOWEST_HEADING = 'h6'

/** Elements whose direction follows their own text. */
const BLOCKS = new Set(['p', 'blockquote', 'li', 'th', 'td', 'h3', 'h4', 'h5', 'h6', 'pre'])

/** The elements that are open, innermost last. */
class OpenElements {
  readonly #stack: HTMLElement[]

  constructor(root: HTMLElement) {
    this.#stack = [root]
  }

  append(...nodes: (Node | string)[]): void {
    this.#stack.at(-1)?.append(...nodes)
  }

  open(element: HTMLElement): void {
    this.append(element)
    this.#stack.push(element)
  }

  close(): void {
    if (this.#stack.length > 1) this.#stack.pop()
  }
}

/**
 * Markdown as elements from a fixed list, all of whose text is set as text.
 * Returns `null` if something would be missing from it: the source is to be shown instead.
 */
export function renderMarkdown(source: string): HTMLElement | null {
  const tokens = parseMarkdown(source)
  if (tokens === null) return null
  const root = build('div', 'markdown')
  renderTokens(tokens, new OpenElements(root))
  return root.textContent.trim() === '' ? null : root
}

function renderTokens(tokens: readonly Token[], elements: OpenElements): void {
  let insideLink = false
  for (const token of tokens) {
    if (token.nesting === 1) elements.open(containerOf(token))
    else if (token.nesting === -1) elements.close()
    else if (token.type === 'inline') renderTokens(token.children ?? [], elements)
    else elements.append(...leafOf(token, insideLink))
    insideLink = token.type === 'link_open' || (insideLink && token.type !== 'link_close')
  }
}

/** The paragraphs of a tight list are hidden. What is unknown becomes a plain `span`. */
function containerOf(token: Token): HTMLElement {
  const kind = token.type.replace(/_open$/, '')
  if (kind === 'link') return linkTo(String(token.attrGet('href') ?? ''))
  const tag = token.hidden ? 'span' : (elementOf(kind, token) ?? 'span')
  const element = build(tag, '')
  if (BLOCKS.has(tag)) element.setAttribute('dir', 'auto')
  const start = Number(token.attrGet('start') ?? 1)
  if (tag === 'ol' && start !== 1) element.setAttribute('start', String(start))
  return element
}

function elementOf(kind: string, { tag }: Token): string | undefined {
  return kind === 'heading' ? (HEADINGS[tag] ?? LOWEST_HEADING) : ELEMENTS[kind]
}

function leafOf(token: Token, insideLink: boolean): (Node | string)[] {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return [build('br', '')]
    case 'hr':
      return [build('hr', '')]
    case 'code_inline':
      return [build('code', '', token.content)]
    case 'code_block':
    case 'fence':
      return [codeBlock(token.content)]
    case 'image':
      return [imageLink(token, insideLink)]
    default:
      return [token.content]
  }
}

function codeBlock(code: string): HTMLElement {
  const block = build('pre', '', build('code', '', code.replace(/\n$/, '')))
  block.setAttribute('dir', 'auto')
  return block
}

/** Images are not loaded: that would tell another server who reads the message. */
function imageLink(token: Token, insideLink: boolean): Node | string {
  const target = String(token.attrGet('src') ?? '')
  const text = token.content || target
  if (insideLink) return text
  const link = linkTo(target)
  link.append(text)
  return link
}

function linkTo(target: string): HTMLElement {
  if (!isSafeLink(target)) return build('span', '')
  const link = build('a', '')
  link.setAttribute('href', target)
  link.setAttribute('title', target)
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer nofollow')
  return link
}
