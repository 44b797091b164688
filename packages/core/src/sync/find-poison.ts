/**
 * Finds the first change of a refused batch that can never be accepted, by halving: at most
 * 2 log2(n) + 1 tries. What `isAccepted` accepts is published on the way.
 *
 * A change is poison only when others get through without it: `null` where the remote refuses them all,
 * or where there is no other to try.
 *
 * @param batch refused as a whole
 * @param isAccepted publishes a part of the batch; false where the remote refuses it
 */
export async function findPoison<Change>(
  batch: readonly Change[],
  isAccepted: (part: readonly Change[]) => Promise<boolean>,
): Promise<Change | null> {
  let accepted = 0
  let refused = batch.length
  while (refused - accepted > 1) {
    const middle = Math.ceil((accepted + refused) / 2)
    if (await isAccepted(batch.slice(accepted, middle))) accepted = middle
    else refused = middle
  }
  const suspect = batch[accepted] as Change
  if (accepted > 0 || (await anotherGetsThrough(batch, isAccepted))) return suspect
  return null
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
