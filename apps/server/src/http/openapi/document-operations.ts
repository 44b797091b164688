import type { Operations } from './operation.js'

/** What `document-routes.ts` has. */
export const documentOperations: Operations = {
  'GET /openapi.json': {
    id: 'readOpenapiDocument',
    tag: 'Description',
    summary: 'This description of the API',
    description: 'OpenAPI 3.1. It is the same on every server of this version, and no secret.',
    scope: null,
    answer: { status: 200, description: 'An OpenAPI document.', schema: 'OpenapiDocument' },
  },
}
