import { STORAGE_ERRORS, WRITE_ERRORS } from './error-responses.js'
import type { Operations } from './operation.js'

/** The endpoints of `routes/health-routes.ts`. */
export const healthOperations: Operations = {
  'GET /healthz': {
    id: 'readHealth',
    tag: 'Health',
    summary: 'Check that the process is alive',
    description: 'HTTP/1.0 needs no `Host` header here.',
    scope: null,
    response: { status: 200, description: 'The process is alive.', schema: 'Health' },
  },
  'GET /readyz': {
    id: 'readReadiness',
    tag: 'Health',
    summary: 'Check that messages can be stored',
    description:
      'Writes to the database, at most once a second. An unreachable remote makes the server degraded, not unready. HTTP/1.0 needs no `Host` header here.',
    scope: 'read',
    response: { status: 200, description: 'Messages can be stored.', schema: 'Readiness' },
    errors: [...STORAGE_ERRORS, ...WRITE_ERRORS],
  },
  'GET /metrics': {
    id: 'readMetrics',
    tag: 'Health',
    summary: 'Get metrics for Prometheus',
    scope: 'admin',
    response: {
      status: 200,
      description: 'The metrics in the text format of Prometheus.',
      type: 'text/plain',
      schema: 'Metrics',
    },
    errors: STORAGE_ERRORS,
  },
}
