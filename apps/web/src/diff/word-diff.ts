import { diffWordsWithSpace } from 'diff'

/** A piece of two texts: in both of them, only in the newer, or only in the older. */
export interface DiffPiece {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Long enough for any edit that a person makes, and short enough not to freeze the page. */
const TIMEOUT_MS = 150

/**
 * The changes from one text to another, word by word, white space included. Texts of which too much differs for
 * `timeoutMs` are returned as one removal and one addition.
 */
export function diffWords(older: string, newer: string, timeoutMs = TIMEOUT_MS): DiffPiece[] {
  const changes = diffWordsWithSpace(older, newer, { timeout: timeoutMs })
  if (changes === undefined) {
    return [
      { kind: 'removed', text: older },
      { kind: 'added', text: newer },
    ]
  }
  return changes.map(({ added, removed, value }) => ({ kind: kindOf(added, removed), text: value }))
}

function kindOf(added: boolean, removed: boolean): DiffPiece['kind'] {
  if (added) return 'added'
  return removed ? 'removed' : 'same'
}
