/** Counts the turns of the event loop until it is disposed. */
export function countTurns(): Disposable & { readonly turns: number } {
  let turns = 0
  let counting = true
  function count(): void {
    turns += 1
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  return {
    get turns() {
      return turns
    },
    [Symbol.dispose]() {
      counting = false
    },
  }
}
