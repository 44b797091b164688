import type { ApiError } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { elementById, setText } from '../../page/elements.js'
import { clearFieldErrors, showFieldError } from '../../page/field-errors.js'
import { toSearch } from './message-query.js'

/** Wide enough to show the filters without pushing the list off the screen. */
const WIDE_SCREEN = '(min-width: 60rem)'

/** The filters of the list. */
export interface RetrieveForm {
  /** The query of the form as it is filled in now. */
  search(): string
  /** Fills in the topic; empty for none. */
  setTopic(topic: string): void
  showError(error: ApiError): void
}

/** `onRetrieve` gets the query when the user submits or resets the form. */
export function createRetrieveForm(announce: Announce, onRetrieve: (search: string) => void): RetrieveForm {
  const form = elementById('retrieve-form', HTMLFormElement)
  const outcome = elementById('retrieve-outcome', HTMLElement)

  function search(): string {
    return toSearch(new FormData(form))
  }

  function retrieve(): void {
    clearFieldErrors(form)
    outcome.hidden = true
    onRetrieve(search())
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    retrieve()
  }

  function retrieveAfterReset(): void {
    // The event is fired before the fields are reset, and a microtask would run before that, too.
    setTimeout(retrieve)
  }

  elementById('retrieve', HTMLDetailsElement).open = matchMedia(WIDE_SCREEN).matches
  form.addEventListener('submit', submit)
  form.addEventListener('reset', retrieveAfterReset)

  return {
    search,
    setTopic(topic) {
      elementById('filter-topic', HTMLInputElement).value = topic
      clearFieldErrors(form)
      outcome.hidden = true
    },
    showError(error) {
      announce(error.message)
      if (showFieldError(form, error)) return
      setText(outcome, `Cannot retrieve messages: ${error.message}`)
      outcome.hidden = false
    },
  }
}
