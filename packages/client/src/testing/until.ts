/** Resolves when a condition holds; rejects with what did not hold. */
export async function until(
  isTrue: () => boolean,
  describe: () => string = () => String(isTrue),
): Promise<void> {
  const end = Date.now() + 20_000
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`This did not become true: ${describe()}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
