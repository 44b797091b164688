const restingText = new WeakMap<HTMLButtonElement, string>()

/**
 * Shows that what the button started goes on, with this text; `null` ends it.
 * Not `disabled`: that would take the keyboard's focus away.
 */
export function setBusy(button: HTMLButtonElement, text: string | null): void {
  if (text !== null) restingText.set(button, button.textContent)
  button.textContent = text ?? restingText.get(button) ?? ''
  setAvailable(button, text === null)
}

/** Marks a button as one that does something, or nothing, now. Its handler must ask {@link isAvailable}. */
export function setAvailable(button: HTMLButtonElement, available: boolean): void {
  if (available) button.removeAttribute('aria-disabled')
  else button.setAttribute('aria-disabled', 'true')
}

/** Whether the button does something now. */
export function isAvailable(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-disabled') !== 'true'
}
