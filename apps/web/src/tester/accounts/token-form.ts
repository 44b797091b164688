import { useAccessToken } from '../../api/access-token.js'
import type { Exchange } from '../../api/exchange.js'
import { elementById } from '../../page/elements.js'

/** The form for an access token; hidden unless the server requires one, or the user wants to use one. */
export interface TokenForm {
  /** Call with every exchange: the form appears when a response is 401, and disappears when one is not. */
  update(exchange: Exchange): void
  /** Shows the form. */
  open(): void
  focus(): void
  close(): void
}

/** `onToken` is called when the user has entered a new token to try. */
export function createTokenForm(onToken: () => void): TokenForm {
  const form = elementById('token-form', HTMLFormElement)
  const input = elementById('access-token', HTMLInputElement)

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    useAccessToken(input.value.trim())
    close()
    onToken()
  }

  function close(): void {
    input.value = ''
    form.hidden = true
  }

  form.addEventListener('submit', submit)

  return {
    update({ response }) {
      if (response) form.hidden = response.status !== 401
    },
    open() {
      form.hidden = false
    },
    focus: () => input.focus(),
    close,
  }
}
