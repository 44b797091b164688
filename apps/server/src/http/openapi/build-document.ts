import { VERSION } from '../../version.js'
import { buildComponents, type Components } from './build-components.js'
import { buildOperation } from './build-operation.js'
import { OPERATIONS } from './endpoints.js'

const DESCRIPTION = `A messaging service whose history is a Git repository. Requests and responses are JSON in UTF-8.

Every path also supports OPTIONS, and HEAD wherever it supports GET. A request with another method receives 405,
one to another path 404, as described in \`components.responses\`.`

/** The service as an OpenAPI 3.1 document. */
export interface OpenapiDocument {
  readonly openapi: '3.1.1'
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>
  readonly components: Components
  readonly [more: string]: unknown
}

/** Builds the OpenAPI document of this version of the service. */
export function buildDocument(): OpenapiDocument {
  return {
    openapi: '3.1.1',
    info: {
      title: 'gitmsg',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '.' }],
    tags: [
      { name: 'Messages', description: 'Post and read messages.' },
      { name: 'Accounts', description: 'Sign in, and manage who may. Only on a server with accounts.' },
      {
        name: 'Moderation',
        description: 'Decide about held posts and reports. Only on a server with accounts.',
      },
      { name: 'Synchronization', description: 'Follow and trigger the synchronization with the repository.' },
      { name: 'Health', description: 'Monitor the server.' },
      { name: 'Description', description: 'Learn about this API.' },
    ],
    paths: buildPaths(),
    components: buildComponents(),
  }
}

function buildPaths(): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const [endpoint, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = endpoint.split(' ')
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: buildOperation(operation) }
  }
  return paths
}
