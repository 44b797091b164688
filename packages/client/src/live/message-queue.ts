import type { MessageDetails } from '../api/types.js'

/** The messages that one iteration has not read yet: of each message only its newest state. */
export interface MessageQueue {
  push(messages: readonly MessageDetails[]): void
  /** How many wait. */
  readonly size: number
  /** Ends the iteration once everything is read: with an error if there is one. */
  end(error: Error | null): void
  readonly iterator: AsyncIterableIterator<MessageDetails>
}

/** @param onRead called after each message that was read, and when the iteration is left */
export function createMessageQueue(onRead: (queue: MessageQueue, isLeft: boolean) => void): MessageQueue {
  const waiting = new Map<string, MessageDetails>()
  let wake = () => {}
  let ended: { readonly error: Error | null } | null = null

  async function* read(): AsyncGenerator<MessageDetails> {
    try {
      for (;;) {
        const [message] = waiting.values()
        if (message) {
          waiting.delete(message.uid)
          yield message
          onRead(queue, false)
        } else if (ended?.error) throw ended.error
        else if (ended) return
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      onRead(queue, true)
    }
  }

  const queue: MessageQueue = {
    push(messages) {
      for (const message of messages) {
        waiting.delete(message.uid)
        waiting.set(message.uid, message)
      }
      wake()
    },
    get size() {
      return waiting.size
    },
    end(error) {
      ended ??= { error }
      wake()
    },
    iterator: read(),
  }
  return queue
}
