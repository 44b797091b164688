import type { AccountClient } from '../../api/account-client.js'
import type { Session, SignInWays } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { elementById, showText } from '../../page/elements.js'
import { startForm } from './submit-form.js'

interface SignInOptions {
  readonly client: Pick<AccountClient, 'signIn'>
  readonly announce: Announce
  readonly onSession: (session: Session) => void
  /** Called when the user wants an account, where that needs no invitation. */
  readonly onRegister: () => void
  /** Called when the user wants to use an access token instead. */
  readonly onUseToken: () => void
}

/** The form for a handle and a password, with what else there is to sign in with. */
export interface SignInForm {
  /** `notice` tells why the user has to sign in again, if that is so. */
  open(ways: SignInWays, notice: string | null): void
  close(): void
  isOpen(): boolean
}

export function createSignInForm(options: SignInOptions): SignInForm {
  const { client, announce, onSession, onRegister, onUseToken } = options
  const form = elementById('sign-in-form', HTMLFormElement)
  const handle = elementById('sign-in-handle', HTMLInputElement)
  const password = elementById('sign-in-password', HTMLInputElement)
  const register = elementById('register', HTMLButtonElement)

  function close(): void {
    form.hidden = true
    password.value = ''
  }

  startForm(form, {
    announce,
    send: () => client.signIn(handle.value.trim(), password.value),
    onDone: onSession,
  })
  register.addEventListener('click', onRegister)
  elementById('use-token', HTMLButtonElement).addEventListener('click', onUseToken)

  return {
    open(ways, notice) {
      form.hidden = false
      elementById('provider-link', HTMLAnchorElement).hidden = !ways.oidc
      register.hidden = !ways.registration
      showText(elementById('sign-in-notice', HTMLElement), notice)
      if (notice !== null) announce(notice)
    },
    close,
    isOpen: () => !form.hidden,
  }
}
