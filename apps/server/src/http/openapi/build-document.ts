import { VERSION } from '../../version.js'
import { documentOperations } from './document-operations.js'
import { healthOperations } from './health-operations.js'
import { messageOperations } from './message-operations.js'
import { syncOperations } from './sync-operations.js'
import { buildComponents, type Components } from './build-components.js'
import { buildOperation } from './build-operation.js'
import type { Operations } from './operation.js'

/** Every call of the service. A test holds them against the router. */
export const OPERATIONS: Operations = {
  ...messageOperations,
  ...syncOperations,
  ...healthOperations,
  ...documentOperations,
}

const DESCRIPTION = `A messaging service whose history is a Git repository. JSON in, JSON out, in UTF-8.

Every path also answers OPTIONS, and HEAD wherever it has GET. Another method is answered with 405, another path
with 404; both as \`components.responses\` has them.`

/** The service as an OpenAPI 3.1 document. */
export interface OpenapiDocument {
  readonly openapi: '3.1.1'
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>
  readonly components: Components
  readonly [more: string]: unknown
}

/** Puts the document together from what stands beside the routes. */
export function buildDocument(): OpenapiDocument {
  return {
    openapi: '3.1.1',
    info: {
      title: 'gitmsg',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Messages', description: 'Posting and reading messages.' },
      { name: 'Synchronization', description: "The messages' way into the repository." },
      { name: 'Health', description: 'For whoever watches over the server.' },
      { name: 'Description', description: 'The API about itself.' },
    ],
    paths: buildPaths(),
    components: buildComponents(),
  }
}

function buildPaths(): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const [call, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = call.split(' ')
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: buildOperation(operation) }
  }
  return paths
}
