import type { Message } from '../api/api-types.js'

/** Shows Markdown as elements; see `renderMarkdown`. */
export type RenderMarkdown = (source: string) => HTMLElement | null

/** Until the parser is here, or if it cannot be loaded, the source is shown. */
const showSource: RenderMarkdown = () => null

let current = showSource
let loading: Promise<void> | null = null

/** Renders Markdown once {@link loadMarkdown} has loaded the parser. */
export const renderLoadedMarkdown: RenderMarkdown = (source) => current(source)

/** Loads the parser, which is larger than the rest of the page, the first time that it is needed. Never rejects. */
export function loadMarkdown(): Promise<void> {
  loading ??= load()
  return loading
}

/** Loads the parser if a message needs it, so that the list shows each message in its final form at once. */
export async function loadMarkdownFor(messages: readonly Pick<Message, 'format'>[]): Promise<void> {
  if (messages.some(({ format }) => format === 'markdown')) await loadMarkdown()
}

async function load(): Promise<void> {
  try {
    current = (await import('./render-markdown.js')).renderMarkdown
  } catch {
    // The next message that needs it tries again.
    loading = null
  }
}
