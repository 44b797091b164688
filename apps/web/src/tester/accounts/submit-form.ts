import type { ApiResult } from '../../api/api-result.js'
import type { Announce } from '../../page/announcer.js'
import { isAvailable, setBusy } from '../../page/buttons.js'
import { partOf, showText } from '../../page/elements.js'
import { clearFieldErrors, showFieldError } from '../../page/field-errors.js'

interface FormAction<Value> {
  readonly announce: Announce
  readonly send: () => Promise<ApiResult<Value>>
  readonly onDone: (value: Value) => void
}

/** Sends a form once at a time. Errors are shown at the field that they name, or in the form's part `problem`. */
export function startForm<Value>(form: HTMLFormElement, action: FormAction<Value>): void {
  const button = partOf(form, 'submit', HTMLButtonElement)
  const problem = partOf(form, 'problem', HTMLElement)

  async function send(): Promise<void> {
    if (!isAvailable(button)) return
    setBusy(button, 'Sending…')
    clearFieldErrors(form)
    showText(problem, null)
    const result = await action.send()
    setBusy(button, null)
    if (result.kind === 'success') action.onDone(result.value)
    else showFailure(result)
  }

  function showFailure(result: Exclude<ApiResult<Value>, { kind: 'success' }>): void {
    const text = problemOf(result)
    action.announce(text)
    if (result.kind === 'http-error' && showFieldError(form, result.error)) return
    showText(problem, text)
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    void send()
  }

  form.addEventListener('submit', submit)
}

/** Why a request has failed, as a sentence. */
export const problemOf = (result: Exclude<ApiResult<unknown>, { kind: 'success' }>): string =>
  result.kind === 'no-response' ? `${result.problem}.` : result.error.message
