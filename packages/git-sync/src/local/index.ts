export type { Logger } from '../logger.js'
export { assertSshPath } from './git/ssh-command.js'
export { createLocalBackend } from './local-backend.js'
export { assertUser, type LocalBackendOptions, type Timeouts } from './local-options.js'
export { parseRemote, type Remote, type RemoteScheme } from './publish/remote-url.js'
export type {
  BranchRewrite,
  BranchRewriteOptions,
  PathRewrite,
  RewrittenCommit,
} from './rewrite/branch-rewrite.js'
export { rewriteBranch } from './rewrite/rewrite-branch.js'
