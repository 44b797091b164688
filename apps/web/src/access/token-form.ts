import type { Exchange } from '../api/exchange.js'
import { elementById } from '../page/elements.js'
import { useAccessToken } from './access-token.js'

/**
 * Asks for an access token once a server wants one, and is not seen where none does. `onToken` is called when
 * there is a new one to try.
 */
export function createTokenForm(onToken: () => void) {
  const form = elementById('token-form', HTMLFormElement)
  const input = elementById('access-token', HTMLInputElement)

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    useAccessToken(input.value.trim())
    input.value = ''
    form.hidden = true
    onToken()
  })

  return {
    /** Hears of every exchange. */
    hear({ response }: Exchange): void {
      if (response) form.hidden = response.status !== 401
    },
  }
}
