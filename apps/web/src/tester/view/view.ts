import { elementById, setText } from '../../page/elements.js'
import { hashOf, type Place, placeOf } from './place.js'

/** Which list of messages is shown: the fragment of the URL, the heading and the way back. */
export interface View {
  place(): Place
  /** Replaces the place without going there, because it is shown already. */
  replace(place: Place): void
}

/**
 * Starts at the place in the URL. Links to places are ordinary links, so that they can be shared and opened in a tab;
 * `onGo` is called when the user follows one, or goes back.
 */
export function createView(onGo: (place: Place) => void): View {
  const heading = elementById('messages-heading', HTMLElement)
  let current = placeOf(location.hash) ?? { kind: 'list' as const }

  function show(): void {
    setText(heading, titleOf(current))
    elementById('all-messages', HTMLElement).hidden = current.kind === 'list'
    elementById('messages-section', HTMLElement).dataset.view = current.kind
    elementById('retrieve', HTMLElement).hidden = current.kind === 'thread'
    elementById('topics', HTMLElement).hidden = current.kind === 'thread'
    setText(elementById('first-page', HTMLElement), current.kind === 'thread' ? 'First page' : 'Newest')
  }

  function go(): void {
    const place = placeOf(location.hash)
    if (place === null) return
    current = place
    show()
    elementById('messages-section', HTMLElement).scrollIntoView({ block: 'start' })
    // The link that was followed may be gone.
    heading.focus({ preventScroll: true })
    onGo(place)
  }

  /** The browser does nothing when a link leads to where the page is already. */
  function goAgain({ target }: Event): void {
    const link = target instanceof Element ? target.closest('a') : null
    if (link && link.hash !== '' && link.hash === location.hash) go()
  }

  addEventListener('hashchange', go)
  addEventListener('click', goAgain)
  show()

  return {
    place: () => current,
    replace(place) {
      current = place
      history.replaceState(null, '', hashOf(place))
      show()
    },
  }
}

/** The heading above the messages at a place. */
export function titleOf(place: Place): string {
  if (place.kind === 'topic') return `Topic ${place.topic}`
  if (place.kind === 'list') return 'Messages'
  return /^\d+$/.test(place.key) ? `Thread of message ${place.key}` : 'Thread'
}
