/** Something that happens now and then; raised while nobody waits, it is kept for the next who does. */
export interface Event {
  raise(): void
  clear(): void
  /** True when it was raised, false when the time was over first; the event is used up then. */
  wait(milliseconds: number): Promise<boolean>
}

export function createEvent(): Event {
  let raised = false
  let notify = () => {}

  return {
    raise() {
      raised = true
      notify()
    },

    clear() {
      raised = false
    },

    async wait(milliseconds) {
      if (!raised) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          notify = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const was = raised
      raised = false
      return was
    },
  }
}
