import type { Changes } from '../../api/api-client.js'
import type { ApiResult } from '../../api/api-result.js'
import type { ApiError, Message, MessageDetails } from '../../api/api-types.js'
import { createIdempotencyKeys } from '../../api/idempotency-keys.js'
import { showDiff } from '../../diff/show-diff.js'
import { setBusy } from '../../page/buttons.js'
import { copyTemplate, partOf, setText, showText } from '../../page/elements.js'
import type { RowContext } from './row-context.js'

/** What the edit form holds; an empty topic is none. */
interface EditFields {
  readonly content: string
  readonly topic: string
  readonly format: 'plain' | 'markdown'
}

interface EditFormOptions {
  readonly message: Message
  readonly context: RowContext
  /** Called when the edit was saved, with the new version, or canceled. */
  readonly onClose: (saved?: MessageDetails) => void
}

/** Creates the form that edits a message in place, on the version that the user has read. */
export function createEditForm({ message, context, onClose }: EditFormOptions): HTMLElement {
  const form = copyTemplate('edit-template') as HTMLFormElement
  const { content, topic, format } = controlsOf(form, message.id)
  const save = partOf(form, 'save', HTMLButtonElement)
  const keys = createIdempotencyKeys()
  let base = message
  let saving = false

  function fields(): EditFields {
    return { content: content.value, topic: topic.value, format: format.value as EditFields['format'] }
  }

  async function submit(): Promise<void> {
    if (saving) return
    saving = true
    setBusy(save, 'Saving…')
    showProblem(null)
    const changes = changesTo(base, fields())
    const { id, version } = base
    const result = await context.client.edit(base, changes, keys.keyFor({ id, version, changes }))
    saving = false
    setBusy(save, null)
    await finish(result)
  }

  async function finish(result: ApiResult<MessageDetails>): Promise<void> {
    if (result.kind === 'success') return close(result.value)
    if (result.kind === 'no-response') {
      return showProblem({ message: `${result.problem}. You can safely save again.` })
    }
    if (result.error.code === 'version_conflict') return showNewerVersion(result.error)
    return showProblem(result.error)
  }

  /** The draft stays as it is, and is now an edit of the newer version. */
  async function showNewerVersion(error: ApiError): Promise<void> {
    const newer = await context.client.message(base.id)
    if (newer.kind !== 'success') return showProblem(newer.kind === 'http-error' ? newer.error : error)
    const { version = 1, updated_by, sender } = newer.value
    const note = `Version ${version} by ${updated_by ?? sender} was saved meanwhile. Your text is kept.`
    setText(partOf(form, 'conflict-note', HTMLElement), note)
    showDiff(partOf(form, 'conflict-text', HTMLElement), base.content ?? '', newer.value.content ?? '')
    partOf(form, 'conflict', HTMLElement).hidden = false
    setText(save, `Save over version ${version}`)
    base = newer.value
    context.announce(note)
    content.focus()
    context.onChanged()
  }

  function showProblem(error: Pick<ApiError, 'message' | 'field'> | null): void {
    showText(partOf(form, 'problem', HTMLElement), error && `Not saved: ${error.message}`)
    const controls = { content, topic, format }
    for (const [name, control] of Object.entries(controls)) {
      control.toggleAttribute('aria-invalid', false)
      if (error?.field === name) control.setAttribute('aria-invalid', 'true')
    }
    if (error === null) return
    context.announce(error.message)
    controls[(error.field ?? 'content') as keyof typeof controls]?.focus()
  }

  function close(saved: MessageDetails): void {
    context.announce(`Message ${saved.id} is saved as version ${saved.version ?? 1}`)
    onClose(saved)
  }

  function cancel(): void {
    onClose()
  }

  function pressKey(event: KeyboardEvent): void {
    // An input method uses both keys for itself while it composes a character.
    if (event.isComposing) return
    if (event.key === 'Escape') cancel()
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit()
  }

  content.value = message.content ?? ''
  topic.value = message.topic ?? ''
  format.value = message.format ?? 'plain'
  form.setAttribute('aria-label', `Edit message ${message.id}`)
  form.addEventListener('keydown', pressKey)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  partOf(form, 'cancel', HTMLButtonElement).addEventListener('click', cancel)
  return form
}

/** The changes that make the message what the form holds: its content, and what else differs. */
function changesTo(base: Message, { content, topic, format }: EditFields): Changes {
  return {
    content,
    ...(format !== (base.format ?? 'plain') && { format }),
    ...(topic !== (base.topic ?? '') && { topic: topic === '' ? null : topic }),
  }
}

/** The fields of the form, with the paragraph for errors tied to them. */
function controlsOf(form: HTMLElement, id: number) {
  const problem = partOf(form, 'problem', HTMLElement)
  problem.id = `edit-problem-${id}`

  function tie<Control extends HTMLElement>(control: Control): Control {
    control.setAttribute('aria-describedby', problem.id)
    return control
  }

  return {
    content: tie(partOf(form, 'content', HTMLTextAreaElement)),
    topic: tie(partOf(form, 'topic', HTMLInputElement)),
    format: tie(partOf(form, 'format', HTMLSelectElement)),
  }
}
