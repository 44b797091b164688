export { type CuttingProxy, startCuttingProxy } from './cutting-proxy.js'
export { createDatabase, query, type TestDatabase } from './databases.js'
export { type RunningServer, startEmbeddedServer } from './embedded-server.js'
export { findPostgres } from './find-postgres.js'
