export type { Logger } from '../logger.js'
export { createLocalBackend } from './local-backend.js'
export type { LocalBackendOptions, Timeouts } from './local-options.js'
export { parseRemote, type Remote, type RemoteScheme } from './publish/remote-url.js'
