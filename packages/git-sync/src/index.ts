export { assertAppendRequest, assertFilePath } from './append-request.js'
export type { BackendEvent } from './backend-event.js'
export { assertBranchName } from './branch-name.js'
export {
  type AppendRequest,
  append,
  type BackendInfo,
  type BatchLimits,
  type CommitAuthor,
  type CommitDraft,
  type CommitHash,
  type FileChange,
  type GitBackend,
  type OperationOptions,
  type PreparedAppend,
  type ReadOptions,
  type RecordedCommit,
  type RecordedFile,
} from './git-backend.js'
export { GitSyncError, type GitSyncErrorCode } from './git-sync-error.js'
export type { Logger } from './logger.js'
export { createMemoryBackend } from './memory/index.js'
export { createRedactor } from './redact.js'
