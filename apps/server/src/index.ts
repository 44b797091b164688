export {
  createToken,
  listTokens,
  type NewToken,
  revokeToken,
  type TokenDescription,
} from './access/manage-tokens.js'
export { syncNow } from './commands/sync-command.js'
export { parseConfig } from './config/parse-config.js'
export { ConfigError, type ServerConfig } from './config/server-config.js'
export { buildDocument, type OpenapiDocument } from './http/openapi/build-document.js'
export { createLogger } from './log/create-logger.js'
export { type OpenData, type OpenEngine, openData, openEngine } from './open-data.js'
export { serve } from './serve.js'
