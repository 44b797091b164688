/**
 * The result of searching a rejected batch.
 *
 * - `rejected-change`: this change can never be accepted, while others are
 * - `recovered`: the suspected change is accepted now
 * - `all-rejected`: nothing gets through, or there is nothing else to try, so no change is to blame
 */
export type RejectedChangeSearch<Change> =
  | { readonly found: 'rejected-change'; readonly change: Change }
  | { readonly found: 'recovered' | 'all-rejected' }

/**
 * Finds the first change of a rejected batch that can never be accepted, by bisection: at most 2 log2(n) + 1 attempts.
 * Whatever `isAccepted` accepts is published on the way.
 *
 * A change is to blame only if it is rejected after others got through: a remote that rejects everything for a while
 * blames none.
 *
 * @param batch rejected as a whole
 * @param isAccepted publishes a part of the batch; resolves with false if the remote rejects it
 */
export async function findRejectedChange<Change>(
  batch: readonly Change[],
  isAccepted: (part: readonly Change[]) => Promise<boolean>,
): Promise<RejectedChangeSearch<Change>> {
  let accepted = 0
  let rejected = batch.length
  while (rejected - accepted > 1) {
    const middle = Math.ceil((accepted + rejected) / 2)
    if (await isAccepted(batch.slice(accepted, middle))) accepted = middle
    else rejected = middle
  }
  const suspect = batch[accepted] as Change
  if (accepted === 0 && !(await isAnotherAccepted(batch, isAccepted))) return { found: 'all-rejected' }
  return (await isAccepted([suspect]))
    ? { found: 'recovered' }
    : { found: 'rejected-change', change: suspect }
}

/** Tries changes at growing distances from the suspect: its neighbours may be rejected as well. */
async function isAnotherAccepted<Change>(
  batch: readonly Change[],
  isAccepted: (part: readonly Change[]) => Promise<boolean>,
): Promise<boolean> {
  for (let index = 1; index < batch.length; index *= 2) {
    if (await isAccepted(batch.slice(index, index + 1))) return true
  }
  return false
}
