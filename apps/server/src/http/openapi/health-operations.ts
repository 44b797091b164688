import { STORAGE } from './common-refusals.js'
import type { Operations } from './operation.js'

/** What `health-routes.ts` has. */
export const healthOperations: Operations = {
  'GET /healthz': {
    id: 'readHealth',
    tag: 'Health',
    summary: 'Say that the process lives',
    scope: null,
    answer: { status: 200, description: 'It does.', schema: 'Health' },
  },
  'GET /readyz': {
    id: 'readReadiness',
    tag: 'Health',
    summary: 'Say whether messages can be stored',
    description: 'A remote that is down makes it degraded, not unready.',
    scope: 'read',
    answer: { status: 200, description: 'They can.', schema: 'Readiness' },
    refusals: STORAGE,
  },
  'GET /metrics': {
    id: 'readMetrics',
    tag: 'Health',
    summary: 'Measurements for Prometheus',
    scope: 'admin',
    answer: {
      status: 200,
      description: 'The text format of Prometheus.',
      type: 'text/plain',
      schema: 'Metrics',
    },
    refusals: STORAGE,
  },
}
