/** The state of the server when something happens to its repository. */
export interface Situation {
  readonly situation: string
  /** Whether the server is stopped meanwhile. */
  readonly stopped: boolean
  readonly remote: boolean
}

/** Every kind of damage and every kind of lock is tried in each of these. */
export const situations: readonly Situation[] = [
  { situation: 'stopped', stopped: true, remote: true },
  { situation: 'running', stopped: false, remote: true },
  { situation: 'running, without a remote', stopped: false, remote: false },
]
