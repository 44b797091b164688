import type { Announce } from './announcer.js'
import { copyOnClick } from './copy-button.js'
import { partOf, setText } from './elements.js'

/** The first seven digits, as Git itself shortens a hash. */
export const shortHash = (hash: string): string => hash.slice(0, 7)

/** Makes the button show and copy commit hashes; the returned function gives it the hash to show. */
export function startHashButton(button: HTMLButtonElement, announce: Announce): (hash: string) => void {
  copyOnClick(button, () => button.title, announce)
  const label = partOf(button, 'label', HTMLElement)
  return (hash) => {
    setText(label, shortHash(hash))
    button.title = hash
    button.setAttribute('aria-label', `${shortHash(hash)}, copy the whole commit hash`)
    button.hidden = false
  }
}
