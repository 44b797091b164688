// biome-ignore lint/suspicious/noExplicitAny: tests read frames of every type
type AnyFrame = any

/** Frames as they arrived. */
export interface Inbox {
  readonly frames: AnyFrame[]
  add(frame: AnyFrame): void
  /** Resolves with the first frame, from the first on, that meets the condition. */
  until(condition: (frame: AnyFrame) => boolean, patienceMs?: number): Promise<AnyFrame>
  /** All messages that have arrived, in their order. */
  messages(): AnyFrame[]
}

const PATIENCE_MS = 30_000

export function createInbox(): Inbox {
  const frames: AnyFrame[] = []
  const waiting = new Set<() => void>()

  return {
    frames,
    add(frame) {
      frames.push(frame)
      for (const check of waiting) check()
    },
    until(condition, patienceMs = PATIENCE_MS) {
      return new Promise((resolve, reject) => {
        function check(): void {
          const frame = frames.find(condition)
          if (frame === undefined) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve(frame)
        }
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`no such frame among ${JSON.stringify(frames).slice(0, 2_000)}`))
        }, patienceMs)
        waiting.add(check)
        check()
      })
    },
    messages: () => frames.flatMap(({ type, messages }) => (type === 'messages' ? messages : [])),
  }
}
