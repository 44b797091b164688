const KEY = 'gitmsg.sender'

/** The sender of last time, or empty; storage may be forbidden or full, and then nothing is remembered. */
export function recallSender(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

/** Keeps the sender for the next visit where the browser allows it. */
export function rememberSender(sender: string): void {
  try {
    localStorage.setItem(KEY, sender)
  } catch {
    // Forgetting a name is no reason to bother anybody.
  }
}
