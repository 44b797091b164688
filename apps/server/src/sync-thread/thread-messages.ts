import type { BackendEvent } from '@gitmsg/git-sync'
import type { Environment, ServerConfig } from '../config/server-config.js'
import type { DescribedError } from '../describe-error.js'

/** What the thread that synchronizes is started with. */
export interface ThreadTask {
  readonly config: ServerConfig
  readonly environment: Environment
}

/** What the thread says beside what its synchronizer says. An error is told apart from the other fields, because it cannot be sent. */
export type ThreadReport =
  | { readonly type: 'backend-event'; readonly event: BackendEvent }
  | {
      readonly type: 'log'
      readonly level: 'debug' | 'info' | 'warn' | 'error'
      readonly fields: object
      readonly error: DescribedError | undefined
      readonly text: string
    }
