/**
 * Idempotency keys for a form. The same request body keeps its key until it is accepted, so that sending it again after
 * a lost response never does it twice; a different body gets a new key.
 */
export interface IdempotencyKeys {
  keyFor(body: unknown): string
  markAccepted(): void
}

/** `createKey` makes a key that was never used before. */
export function createIdempotencyKeys(createKey = randomKey): IdempotencyKeys {
  let current: { body: string; key: string } | null = null

  return {
    keyFor(body) {
      const text = JSON.stringify(body)
      if (current?.body !== text) current = { body: text, key: createKey() }
      return current.key
    },
    markAccepted() {
      current = null
    },
  }
}

/** 32 hexadecimal digits. `crypto.randomUUID` is available only on https and localhost. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
