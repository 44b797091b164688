/**
 * What the search for poison in a refused batch found.
 *
 * - `poison`: this change can never be accepted, while others are
 * - `recovered`: the change that was suspected is accepted now
 * - `all-refused`: nobody gets through, or there is no other to try; no change can be blamed
 */
export type PoisonSearch<Change> =
  | { readonly found: 'poison'; readonly change: Change }
  | { readonly found: 'recovered' | 'all-refused' }

/**
 * Finds the first change of a refused batch that can never be accepted, by halving: at most
 * 2 log2(n) + 1 tries. What `isAccepted` accepts is published on the way.
 *
 * A change is poison only when it is refused after others got through: a remote that refuses everybody for a
 * while blames nobody.
 *
 * @param batch refused as a whole
 * @param isAccepted publishes a part of the batch; false where the remote refuses it
 */
export async function findPoison<Change>(
  batch: readonly Change[],
  isAccepted: (part: readonly Change[]) => Promise<boolean>,
): Promise<PoisonSearch<Change>> {
  let accepted = 0
  let refused = batch.length
  while (refused - accepted > 1) {
    const middle = Math.ceil((accepted + refused) / 2)
    if (await isAccepted(batch.slice(accepted, middle))) accepted = middle
    else refused = middle
  }
  const suspect = batch[accepted] as Change
  if (accepted === 0 && !(await anotherGetsThrough(batch, isAccepted))) return { found: 'all-refused' }
  return (await isAccepted([suspect])) ? { found: 'recovered' } : { found: 'poison', change: suspect }
}

/** Looks at growing distances from the suspect: its neighbours may be poison as well. */
async function anotherGetsThrough<Change>(
  batch: readonly Change[],
  isAccepted: (part: readonly Change[]) => Promise<boolean>,
): Promise<boolean> {
  for (let index = 1; index < batch.length; index *= 2) {
    if (await isAccepted(batch.slice(index, index + 1))) return true
  }
  return false
}
