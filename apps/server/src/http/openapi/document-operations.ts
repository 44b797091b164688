import type { Operations } from './operation.js'

/** The endpoint of `routes/document-routes.ts`. */
export const documentOperations: Operations = {
  'GET /openapi.json': {
    id: 'readOpenapiDocument',
    tag: 'Description',
    summary: 'Get this API description',
    description: 'An OpenAPI 3.1 document. It is public, and the same on every server of this version.',
    scope: null,
    response: { status: 200, description: 'The OpenAPI document.', schema: 'OpenapiDocument' },
  },
}
