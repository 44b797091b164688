import { useAccessToken } from '../../api/access-token.js'
import type { Exchange } from '../../api/exchange.js'
import { elementById } from '../../page/elements.js'

/** The form for an access token; hidden unless the server requires one. */
export interface TokenForm {
  /** Call with every exchange: the form appears when a response is 401, and disappears when one is not. */
  update(exchange: Exchange): void
  /** Shows the form. */
  open(): void
}

/** `onToken` is called when the user has entered a new token to try. */
export function createTokenForm(onToken: () => void): TokenForm {
  const form = elementById('token-form', HTMLFormElement)
  const input = elementById('access-token', HTMLInputElement)

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    useAccessToken(input.value.trim())
    input.value = ''
    form.hidden = true
    onToken()
  }

  form.addEventListener('submit', submit)

  return {
    update({ response }) {
      if (response) form.hidden = response.status !== 401
    },
    open() {
      form.hidden = false
    },
  }
}
