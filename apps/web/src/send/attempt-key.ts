/** 32 hexadecimal digits. `crypto.randomUUID` would want https or localhost. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Idempotency keys for the send form: the same draft keeps its key until it was accepted, so that trying again
 * after a lost answer never doubles a message; another draft gets another key.
 */
export function createAttemptKeys(newKey = randomKey) {
  let attempt: { draft: string; key: string } | null = null
  return {
    keyFor(content: string, sender: string): string {
      const draft = JSON.stringify([content, sender])
      if (attempt?.draft !== draft) attempt = { draft, key: newKey() }
      return attempt.key
    },
    accepted(): void {
      attempt = null
    },
  }
}
