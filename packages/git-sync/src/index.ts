export {
  type AppendRequest,
  append,
  type BackendEvent,
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
export { hashCommit, recordCommit, selectFiles } from './record-commit.js'
export { createRedactor } from './redact.js'
export { createTree, type Tree, type TreeChange } from './tree.js'
export { assertBranchName } from './validate-options.js'
export { assertAppendRequest, assertFilePath } from './validate-request.js'
