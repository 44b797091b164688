import type { Announce } from './announcer.js'
import { partOf, setText } from './elements.js'

const FEEDBACK_MS = 1600

const idleLabels = new WeakMap<HTMLButtonElement, string>()

/**
 * Shows `label` while the button's action is running; `null` restores the button's own label.
 * Does not set `disabled`, because that would take away the keyboard focus.
 */
export function setBusy(button: HTMLButtonElement, label: string | null): void {
  if (label !== null) idleLabels.set(button, button.textContent)
  button.textContent = label ?? idleLabels.get(button) ?? ''
  setAvailable(button, label === null)
}

/** Marks a button as available or not. Its click handler must check {@link isAvailable}. */
export function setAvailable(button: HTMLButtonElement, available: boolean): void {
  if (available) button.removeAttribute('aria-disabled')
  else button.setAttribute('aria-disabled', 'true')
}

/** Whether a click on the button should do something now. */
export function isAvailable(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-disabled') !== 'true'
}

/** Copies `text()` to the clipboard on click, and shows the outcome briefly in place of the label. */
export function copyOnClick(button: HTMLButtonElement, text: () => string, announce: Announce): void {
  const label = partOf(button, 'label', HTMLElement)

  function clearFeedback(): void {
    delete label.dataset.copied
  }

  async function copy(): Promise<void> {
    const feedback = (await writeToClipboard(text())) ? 'Copied' : 'Copy failed'
    label.dataset.copied = feedback
    announce(feedback)
    setTimeout(clearFeedback, FEEDBACK_MS)
  }

  button.addEventListener('click', copy)
}

/** Browsers offer the clipboard only on https and localhost, and may deny access even there. */
async function writeToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** The first seven digits of a commit hash, as Git abbreviates it. */
export const shortHash = (hash: string): string => hash.slice(0, 7)

/** Makes a button show a short commit hash and copy the full one. Returns the function that sets the hash. */
export function startHashButton(button: HTMLButtonElement, announce: Announce): (hash: string) => void {
  const label = partOf(button, 'label', HTMLElement)
  copyOnClick(button, () => button.title, announce)

  return function showHash(hash) {
    setText(label, shortHash(hash))
    button.title = hash
    button.setAttribute('aria-label', `${shortHash(hash)}, copy the full commit hash`)
    button.hidden = false
  }
}
