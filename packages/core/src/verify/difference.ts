/** Every {@link DifferenceKind}. */
export const DIFFERENCE_KINDS = [
  'missing-in-repository',
  'missing-in-database',
  'other-bytes',
  'wrong-hash',
  'duplicate-uid',
  'invalid-file',
  'unknown-format',
] as const

/**
 * How the database and the repository differ.
 *
 * - `missing-in-repository`: synchronized here, but the tip of the branch does not have the file
 * - `missing-in-database`: the branch has a valid message that is not stored here
 * - `other-bytes`: the tip has something else at the path of a message
 * - `wrong-hash`: the commit that is stored for a message did not bring its file
 * - `duplicate-uid`: a message that is another one's copy, at a path of its own
 * - `invalid-file`: a file among the messages that is none
 * - `unknown-format`: the repository is of another version, or not ours; nothing else was compared
 */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** One difference, named. */
export interface Difference {
  /** How they differ. */
  readonly kind: DifferenceKind
  /** The file in the repository that is missing, too many or not as it should be. */
  readonly path: string
  /** `null` where the path speaks of no message. */
  readonly uid: string | null
  /** The message's number in the database; `null` where it is not stored. */
  readonly id: number | null
  /** The commit that the database has for the message. */
  readonly git_hash: string | null
  /** The commit of the branch that shows the difference, where one does. */
  readonly commit: string | null
  /** One sentence for people. */
  readonly reason: string
  /** Whether this verification mended it. */
  readonly repaired: boolean
}
