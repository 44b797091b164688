import type { AccountClient } from '../../api/account-client.js'
import type { Session } from '../../api/api-types.js'
import { type ArrivingSecret, secretOf } from '../../api/arriving-secret.js'
import type { Announce } from '../../page/announcer.js'
import { elementById, setText, showText } from '../../page/elements.js'
import { clearFieldErrors } from '../../page/field-errors.js'
import { startForm } from './submit-form.js'

interface ArrivalOptions {
  readonly client: Pick<AccountClient, 'join' | 'reset'>
  readonly announce: Announce
  readonly onSession: (session: Session) => void
  readonly onCancel: () => void
}

/** The form with which people join, or choose a new password: with a link, or an identity of the provider, or both. */
export interface ArrivalForm {
  /** Opens the form for the secret that the page was opened with; `null`: where joining needs no invitation. */
  open(arriving: ArrivingSecret | null): void
  close(): void
  isOpen(): boolean
}

const INVALID_LINK = 'This link is not valid, was used already, or has ended. Ask for another one.'

export function createArrivalForm({ client, announce, onSession, onCancel }: ArrivalOptions): ArrivalForm {
  const form = elementById('arrival-form', HTMLFormElement)
  const link = elementById('arrival-link', HTMLInputElement)
  const handle = elementById('arrival-handle', HTMLInputElement)
  const password = elementById('arrival-password', HTMLInputElement)
  let identity: string | null = null

  const isReset = () => secretOf(link.value)?.kind === 'reset'

  /** Shows the fields that are needed for the link and the identity. */
  function update(): void {
    setText(elementById('arrival-heading', HTMLElement), isReset() ? 'Choose a new password' : 'Join')
    elementById('arrival-handle-field', HTMLElement).hidden = isReset()
    elementById('arrival-password-field', HTMLElement).hidden = identity !== null
  }

  async function send() {
    const credential = identity === null ? { password: password.value } : { identity }
    const secret = secretOf(link.value)?.secret ?? link.value.trim()
    const result = isReset()
      ? await client.reset({ link: secret, ...credential })
      : await client.join({
          ...(secret !== '' && { link: secret }),
          handle: handle.value.trim(),
          ...credential,
        })
    // The server's sentence does not tell what to do about it.
    return result.kind === 'http-error' && result.error.code === 'invalid_link'
      ? { ...result, error: { code: 'invalid_link', message: INVALID_LINK } }
      : result
  }

  function close(): void {
    form.hidden = true
    for (const field of [link, password]) field.value = ''
    identity = null
  }

  function cancel(): void {
    close()
    onCancel()
  }

  startForm<Session>(form, { announce, send, onDone: onSession })
  link.addEventListener('input', update)
  elementById('cancel-arrival', HTMLButtonElement).addEventListener('click', cancel)

  return {
    open(arriving) {
      const hasLink = arriving?.kind === 'join' || arriving?.kind === 'reset'
      identity = arriving?.kind === 'identity' ? arriving.secret : null
      link.value = hasLink ? arriving.secret : ''
      elementById('arrival-link-field', HTMLElement).hidden = hasLink || arriving === null
      clearFieldErrors(form)
      showText(
        elementById('arrival-note', HTMLElement),
        identity && 'You are known to the identity provider, but have no account here yet.',
      )
      update()
      form.hidden = false
      const first = identity ? link : isReset() ? password : handle
      first.focus()
    },
    close,
    isOpen: () => !form.hidden,
  }
}
