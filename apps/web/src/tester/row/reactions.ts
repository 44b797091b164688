import type { Message } from '../../api/api-types.js'
import { createIdempotencyKeys } from '../../api/idempotency-keys.js'
import { build, partOf, setText, showText } from '../../page/elements.js'
import type { RowContext } from './row-context.js'

/** The reactions to a message. */
export interface Reactions {
  update(message: Message): void
  /** Adds the user's reaction, or takes it back if the user has reacted with it already. */
  toggle(emoji: string): Promise<void>
}

/** Creates the list of reactions; pressing one adds or takes back the user's own. */
export function createReactions(row: HTMLElement, context: RowContext): Reactions {
  const { client, announce } = context
  const list = partOf(row, 'reactions', HTMLElement)
  const note = partOf(row, 'problem', HTMLElement)
  const chips = new Map<string, HTMLElement>()
  const keys = createIdempotencyKeys()
  let shown: Message | null = null
  let busy = false

  function chipOf(emoji: string): HTMLElement {
    const known = chips.get(emoji)
    if (known) return known
    const button = build('button', 'reaction') as HTMLButtonElement
    button.type = 'button'
    button.addEventListener('click', () => void toggle(emoji))
    const item = build('li', '', button)
    chips.set(emoji, item)
    list.append(item)
    return item
  }

  function updateChip(emoji: string, senders: readonly string[]): void {
    const button = chipOf(emoji).firstElementChild as HTMLButtonElement
    const own = senders.includes(context.sender())
    setText(button, `${emoji} ${senders.length}`)
    button.title = senders.join(', ')
    button.setAttribute('aria-pressed', String(own))
    button.setAttribute('aria-label', `${emoji} ${senders.length}: ${senders.join(', ')}`)
  }

  function removeChipsExcept(kept: ReadonlySet<string>): void {
    for (const [emoji, item] of chips) {
      if (kept.has(emoji)) continue
      // The keyboard focus must not be lost with the chip.
      if (item.contains(document.activeElement)) partOf(row, 'react', HTMLElement).focus()
      item.remove()
      chips.delete(emoji)
    }
  }

  async function takeBack({ uid, id }: Message, emoji: string, sender: string): Promise<string | null> {
    const found = await client.reactions(uid, sender)
    if (found.kind !== 'success') return problemOf(found)
    const reaction = found.value.find(({ content }) => content === emoji)
    if (!reaction) return null
    const result = await client.remove(reaction)
    if (result.kind === 'success') announce(`Took back ${emoji} from message ${id}`)
    return problemOf(result)
  }

  async function add({ id }: Message, emoji: string, sender: string): Promise<string | null> {
    const draft = { content: emoji, sender, format: 'reaction', reply_to: id } as const
    const result = await client.send(draft, keys.keyFor(draft))
    if (result.kind !== 'success') return problemOf(result)
    keys.markAccepted()
    announce(`Reacted to message ${id} with ${emoji}`)
    return null
  }

  async function toggle(emoji: string): Promise<void> {
    const sender = context.sender()
    if (shown === null || busy) return
    if (sender === '') return context.askForSender()
    busy = true
    const own = shown.reactions?.[emoji]?.includes(sender) ?? false
    const problem = await (own ? takeBack : add)(shown, emoji, sender)
    busy = false
    showText(note, problem)
    if (problem !== null) announce(problem)
    context.onChanged()
  }

  return {
    update(message) {
      shown = message
      const entries = Object.entries(message.reactions ?? {})
      removeChipsExcept(new Set(entries.map(([emoji]) => emoji)))
      for (const [emoji, senders] of entries) updateChip(emoji, senders)
      list.hidden = entries.length === 0
    },
    toggle,
  }
}

type Outcome = Awaited<ReturnType<RowContext['client']['remove' | 'send' | 'reactions']>>

function problemOf(result: Outcome): string | null {
  if (result.kind === 'success') return null
  return result.kind === 'http-error' ? `Not done: ${result.error.message}` : `${result.problem}.`
}
