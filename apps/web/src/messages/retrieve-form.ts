import type { ApiError } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { elementById, setText } from '../page/elements.js'
import { clearFieldErrors, showFieldError } from '../page/field-errors.js'
import { toSearch } from './message-query.js'

/** Room for the filters beside the list without pushing it off the screen. */
const WIDE = '(min-width: 60rem)'

/** What the user asks the list to hold. */
export interface RetrieveForm {
  /** The query the form stands for now. */
  search(): string
  showError(error: ApiError): void
}

/** The filters of the list; `onRetrieve` gets the query when the user asks for it. */
export function createRetrieveForm(announce: Announce, onRetrieve: (search: string) => void): RetrieveForm {
  const form = elementById('retrieve-form', HTMLFormElement)
  const outcome = elementById('retrieve-outcome', HTMLElement)
  const search = () => toSearch(new FormData(form))

  function retrieve(): void {
    clearFieldErrors(form)
    outcome.hidden = true
    onRetrieve(search())
  }

  elementById('retrieve', HTMLDetailsElement).open = matchMedia(WIDE).matches
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    retrieve()
  })
  // The event comes before the fields are reset, and so would a microtask.
  form.addEventListener('reset', () => setTimeout(retrieve))

  return {
    search,
    showError(error) {
      announce(error.message)
      if (showFieldError(form, error)) return
      setText(outcome, `Not retrieved: ${error.message}`)
      outcome.hidden = false
    },
  }
}
