export {
  createToken,
  listTokens,
  type NewToken,
  revokeToken,
  type TokenDescription,
} from './access/manage-tokens.js'
export { parseConfig } from './config/parse-config.js'
export { ConfigError, type ServerConfig } from './config/server-config.js'
export { createLogger } from './create-logger.js'
export { buildDocument, type OpenapiDocument } from './http/openapi/build-document.js'
export { type OpenData, openData } from './open-data.js'
export { type OpenEngine, openEngine } from './open-engine.js'
export { serve } from './serve.js'
export { syncNow } from './sync-now.js'
