import type { Announce } from './announcer.js'
import { partOf } from './elements.js'

const FEEDBACK_MILLISECONDS = 1600

/** Puts `text()` on the clipboard on click, and says so in place of the button's label for a moment. */
export function copyOnClick(button: HTMLButtonElement, text: () => string, announce: Announce): void {
  const label = partOf(button, 'label', HTMLElement)
  button.addEventListener('click', async () => {
    const feedback = (await copy(text())) ? 'Copied' : 'Cannot copy'
    label.dataset.copied = feedback
    announce(feedback)
    setTimeout(() => delete label.dataset.copied, FEEDBACK_MILLISECONDS)
  })
}

/** Browsers lend the clipboard only to https and localhost, and may refuse even there. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
