import { build } from '../page/elements.js'
import { diffWords } from './word-diff.js'

const TAGS = { added: 'ins', removed: 'del' } as const

/** Shows the newer text with what was added as `ins` and what was removed as `del`. */
export function showDiff(element: HTMLElement, older: string, newer: string): void {
  const nodes = diffWords(older, newer).map(({ kind, text }) =>
    kind === 'same' ? text : build(TAGS[kind], '', text),
  )
  element.replaceChildren(...nodes)
}
