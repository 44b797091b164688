import type { ApiError } from '../api/api-types.js'
import { elementById, setText } from './elements.js'

/**
 * Shows the error at the form field that it names, and focuses that field.
 * Returns false if the error names no field of the form.
 */
export function showFieldError(form: HTMLFormElement, error: ApiError): boolean {
  const control = error.field ? form.elements.namedItem(error.field) : null
  if (!(control instanceof HTMLElement)) return false
  const note = elementById(`${control.id}-error`, HTMLElement)
  setText(note, error.message)
  note.hidden = false
  control.setAttribute('aria-invalid', 'true')
  control.focus()
  return true
}

/** Removes all field errors from the form. */
export function clearFieldErrors(form: HTMLFormElement): void {
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid')
    elementById(`${control.id}-error`, HTMLElement).hidden = true
  }
}
