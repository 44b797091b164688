import type { Message } from '../../api/api-types.js'
import { copyTemplate, partOf, setText } from '../../page/elements.js'
import { startForm } from '../accounts/submit-form.js'
import type { RowContext } from './row-context.js'

interface ReportFormOptions {
  readonly message: Message
  readonly context: Pick<RowContext, 'announce' | 'report'>
  /** Called when the user closes the form, with or without a report. */
  readonly onClose: () => void
}

/** A form that reports a message to the moderators, and then confirms that. */
export function createReportForm({ message, context, onClose }: ReportFormOptions): HTMLElement {
  const form = copyTemplate('report-template') as HTMLFormElement
  const reason = partOf(form, 'report-reason', HTMLTextAreaElement)
  const close = partOf(form, 'close', HTMLButtonElement)
  form.setAttribute('aria-label', `Report message ${message.id}`)

  function confirm(): void {
    partOf(form, 'report-field', HTMLElement).hidden = true
    partOf(form, 'submit', HTMLButtonElement).hidden = true
    partOf(form, 'reported', HTMLElement).hidden = false
    setText(close, 'Close')
    // What had the focus is gone.
    close.focus()
    context.announce(`Message ${message.id} is reported`)
  }

  startForm(form, {
    announce: context.announce,
    send: () => context.report(message.id, reason.value.trim()),
    onDone: confirm,
  })
  close.addEventListener('click', onClose)
  return form
}
