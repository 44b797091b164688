import { build, copyTemplate, partOf } from '../../page/elements.js'

const COMMON_EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '😢', '👀', '🚀']

/** Creates the panel of common emoji and a field for any other. `onPick` gets the emoji that the user chose. */
export function createReactionPicker(onPick: (emoji: string) => void): HTMLElement {
  const form = copyTemplate('picker-template') as HTMLFormElement
  const other = partOf(form, 'other', HTMLInputElement)

  function pickOther(event: SubmitEvent): void {
    event.preventDefault()
    const emoji = other.value.trim()
    if (emoji === '') other.focus()
    else onPick(emoji)
  }

  function buttonFor(emoji: string): HTMLElement {
    const button = build('button', 'reaction', emoji) as HTMLButtonElement
    button.type = 'button'
    button.addEventListener('click', () => onPick(emoji))
    return button
  }

  partOf(form, 'emoji', HTMLElement).append(...COMMON_EMOJI.map(buttonFor))
  form.addEventListener('submit', pickOther)
  return form
}
