import { loadMarkdown, renderLoadedMarkdown } from '../../markdown/load-markdown.js'
import { build, elementById } from '../../page/elements.js'

/** Long enough not to render between two keys of a fast typist. */
const DELAY_MS = 150

/** Starts the preview below the content, shown while the format is Markdown. Returns the function that updates it. */
export function startPreview(): () => void {
  const preview = elementById('preview', HTMLElement)
  const content = elementById('content', HTMLTextAreaElement)
  const format = elementById('format', HTMLSelectElement)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function show(): Promise<void> {
    await loadMarkdown()
    const text = content.value
    const empty = build('p', 'field-note', 'Nothing to preview yet.')
    preview.replaceChildren(text.trim() === '' ? empty : (renderLoadedMarkdown(text) ?? text))
  }

  function update(): void {
    const shown = format.value === 'markdown'
    preview.hidden = !shown
    clearTimeout(timer)
    if (shown) timer = setTimeout(show, DELAY_MS)
  }

  format.addEventListener('change', update)
  content.addEventListener('input', update)
  // The browser may have restored the fields of an earlier visit.
  update()
  return update
}
