import type { MessageDetails, Position } from '../api/types.js'

/** The messages that one iteration has not read yet: of each message only its newest state. */
export interface MessageQueue {
  push(messages: readonly MessageDetails[], epoch: string): void
  /** How many wait. */
  readonly size: number
  /** The place before which everything was read; null if nothing waits. */
  readonly place: Position | null
  /** Ends the iteration once everything is read: with an error if there is one. */
  end(error: Error | null): void
  readonly iterator: AsyncIterableIterator<MessageDetails>
}

/** @param onRead called after each message that was read, and when the iteration is left */
export function createMessageQueue(onRead: (queue: MessageQueue, isLeft: boolean) => void): MessageQueue {
  const waiting = new Map<string, { readonly message: MessageDetails; readonly epoch: string }>()
  let wake = () => {}
  let ended: { readonly error: Error | null } | null = null

  async function* read(): AsyncGenerator<MessageDetails> {
    try {
      for (;;) {
        const [next] = waiting.values()
        if (next) {
          waiting.delete(next.message.uid)
          yield next.message
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
    push(messages, epoch) {
      for (const message of messages) {
        waiting.delete(message.uid)
        waiting.set(message.uid, { message, epoch })
      }
      wake()
    },
    get size() {
      return waiting.size
    },
    get place() {
      const [first] = waiting.values()
      return first ? { epoch: first.epoch, position: first.message.position - 1 } : null
    },
    end(error) {
      ended ??= { error }
      wake()
    },
    iterator: read(),
  }
  return queue
}
