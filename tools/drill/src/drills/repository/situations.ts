/** How the server stands to a repository that something happens to. */
export interface Situation {
  readonly situation: string
  /** Whether it happens between two lives of the server. */
  readonly stopped: boolean
  readonly remote: boolean
}

/** Each kind of damage, and each kind of lock, is tried in all of them. */
export const situations: readonly Situation[] = [
  { situation: 'stopped', stopped: true, remote: true },
  { situation: 'running', stopped: false, remote: true },
  { situation: 'running, without a remote', stopped: false, remote: false },
]
