import { diffArrays } from 'diff'

/** A piece of two texts: in both of them, only in the newer, or only in the older. */
export interface DiffPiece {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Long enough for any edit that a person makes, and short enough not to freeze the page. */
const TIMEOUT_MS = 150

/**
 * A word or sign with the white space before it, because words that stay are easier to read than the spaces between them.
 * Scripts that put no spaces between words are compared by character, which is much faster than `Intl.Segmenter`.
 */
const WORD = createWordPattern()

function createWordPattern(): RegExp {
  const unspaced = ['Han', 'Hira', 'Kana', 'Thai', 'Laoo', 'Khmr', 'Mymr']
    .map((script) => `\\p{sc=${script}}`)
    .join('')
  const picture = String.raw`\p{ExtPict}[\p{EMod}\uFE0F]*`
  const emoji = String.raw`\p{RI}{2}|${picture}(?:\u200D${picture})*`
  const word = String.raw`(?:(?![${unspaced}])[\p{L}\p{N}\p{M}_])+`
  return new RegExp(String.raw`\s*(?:[${unspaced}]\p{M}*|${emoji}|${word}|\S)|\s+$`, 'gu')
}

/**
 * The changes from one text to another, word by word, white space included. Texts of which too much differs for
 * `timeoutMs` are returned as one removal and one addition.
 */
export function diffWords(older: string, newer: string, timeoutMs = TIMEOUT_MS): DiffPiece[] {
  const changes = diffArrays(older.match(WORD) ?? [], newer.match(WORD) ?? [], { timeout: timeoutMs })
  if (changes === undefined) {
    return [
      { kind: 'removed', text: older },
      { kind: 'added', text: newer },
    ]
  }
  return shareSpace(
    changes.map(({ added, removed, value }) => ({ kind: kindOf(added, removed), text: value.join('') })),
  )
}

/** Leaves the white space unmarked that both a removal and the addition in its place begin with. */
function shareSpace(pieces: readonly DiffPiece[]): DiffPiece[] {
  return pieces.flatMap((piece, index) => {
    const partner = pieces[piece.kind === 'removed' ? index + 1 : index - 1]
    const isReplaced = piece.kind === 'removed' && partner?.kind === 'added'
    const isReplacing = piece.kind === 'added' && partner?.kind === 'removed'
    if (!isReplaced && !isReplacing) return [piece]
    const space = spaceBefore(piece.text)
    if (space === '' || space !== spaceBefore(partner.text)) return [piece]
    const rest = { kind: piece.kind, text: piece.text.slice(space.length) }
    return isReplaced ? [{ kind: 'same' as const, text: space }, rest] : [rest]
  })
}

const spaceBefore = (text: string): string => text.slice(0, text.length - text.trimStart().length)

function kindOf(added: boolean, removed: boolean): DiffPiece['kind'] {
  if (added) return 'added'
  return removed ? 'removed' : 'same'
}
