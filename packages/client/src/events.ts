/** Calls back on events of a few types, each with one value. */
export interface Events<Values> {
  /** Listens, until the returned function is called. A listener must not throw. */
  on<Type extends keyof Values>(type: Type, listener: (value: Values[Type]) => void): () => void
}

/** The side that has the events. */
export interface Emitter<Values> extends Events<Values> {
  emit<Type extends keyof Values>(type: Type, value: Values[Type]): void
}

export function createEmitter<Values>(): Emitter<Values> {
  const listeners = new Map<keyof Values, Set<(value: never) => void>>()
  return {
    on(type, listener) {
      const ofType = listeners.get(type) ?? new Set()
      listeners.set(type, ofType.add(listener))
      return () => {
        ofType.delete(listener)
      }
    },
    emit(type, value) {
      for (const listener of [...(listeners.get(type) ?? [])]) {
        try {
          listener(value as never)
        } catch (error) {
          // Reported like any error in a callback; it must not stop the feed or the outbox.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}
