import type { Message } from '../../api/api-types.js'
import { renderLoadedMarkdown } from '../../markdown/load-markdown.js'
import { build, partOf } from '../../page/elements.js'

const MAX_COLLAPSED_LINES = 10
const MAX_COLLAPSED_CHARACTERS = 800

/** More than a collapsed message shows, and little enough to render dozens of messages at once, whatever they hold. */
const MAX_RENDERED_CHARACTERS = 4000

/** The text of a message: plain, Markdown, or the source of Markdown. */
export interface MessageContent {
  update(message: Message): void
}

/** Starts the content of a row, with its buttons `Show all` and `Source`. */
export function createMessageContent(row: HTMLElement): MessageContent {
  const element = partOf(row, 'content', HTMLElement)
  const showAllButton = partOf(row, 'show-all', HTMLButtonElement)
  const sourceButton = partOf(row, 'source', HTMLButtonElement)
  let shown: Message | null = null
  let shownKey = ''
  let expanded = false
  let source = false

  function show(): void {
    if (shown === null) return
    const { content, format, deleted } = shown
    const rendered = format === 'markdown' && !source
    // Only what differs is rendered again, so that focus and selection survive.
    const key = JSON.stringify([content, format, rendered && [expanded, renderLoadedMarkdown('a') !== null]])
    if (key === shownKey) return
    shownKey = key
    const text = content ?? ''
    const markdown = rendered ? renderLoadedMarkdown(expanded ? text : beginningOf(text)) : null
    element.classList.toggle('is-source', format === 'markdown' && markdown === null)
    element.classList.toggle('is-reaction', format === 'reaction')
    element.replaceChildren(deleted ? build('em', 'deleted', 'Deleted') : (markdown ?? text))
  }

  function toggleAll(): void {
    expanded = !expanded
    showAllButton.setAttribute('aria-expanded', String(expanded))
    showAllButton.textContent = expanded ? 'Show less' : 'Show all'
    show()
  }

  function toggleSource(): void {
    source = !source
    sourceButton.setAttribute('aria-pressed', String(source))
    show()
  }

  showAllButton.addEventListener('click', toggleAll)
  sourceButton.addEventListener('click', toggleSource)

  return {
    update(message) {
      shown = message
      const long = isLong(message.content ?? '')
      showAllButton.hidden = !long
      row.classList.toggle('is-long', long)
      sourceButton.hidden = message.format !== 'markdown'
      show()
    },
  }
}

/** Whether the list shows only the beginning of this content until the user expands it. */
export function isLong(content: string): boolean {
  if (content.length > MAX_COLLAPSED_CHARACTERS) return true
  return content.split('\n', MAX_COLLAPSED_LINES + 1).length > MAX_COLLAPSED_LINES
}

/** What is rendered of a long text until the user expands it, up to the end of a line if possible. */
export function beginningOf(text: string): string {
  if (text.length <= MAX_RENDERED_CHARACTERS) return text
  const lineEnd = text.lastIndexOf('\n', MAX_RENDERED_CHARACTERS)
  return text.slice(0, lineEnd > 0 ? lineEnd : MAX_RENDERED_CHARACTERS)
}
