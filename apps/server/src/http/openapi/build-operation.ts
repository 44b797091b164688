import {
  buildErrorResponse,
  COMMON_ERRORS,
  errorResponseName,
  errorsOf,
  groupByStatus,
} from './error-responses.js'
import { IF_NONE_MATCH, type Operation } from './operation.js'
import { headerReferences } from './response-headers.js'

/** One endpoint as an OpenAPI operation. */
export function buildOperation(operation: Operation): object {
  const { id, tag, summary, description, scopes, parameters, body } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: scopes.map((scope) => ({ bearer: [scope] })),
    ...(parameters && { parameters }),
    ...(body && {
      requestBody: {
        description: 'JSON of at most 64 KiB, encoded as UTF-8, not compressed.',
        required: true,
        content: { 'application/json': { schema: referenceTo(body) } },
      },
    }),
    responses: { ...buildResponse(operation), ...buildErrorResponses(operation) },
  }
}

function buildResponse({ response, otherResponse, parameters = [] }: Operation): Record<string, object> {
  const { headers } = response
  return {
    [response.status]: describeResponse(response),
    ...(otherResponse && { [otherResponse.status]: describeResponse(otherResponse) }),
    ...(parameters.includes(IF_NONE_MATCH) && {
      304: { description: 'The response has not changed.', headers: headerReferences(headers) },
    }),
  }
}

function describeResponse({
  description,
  schema,
  type = 'application/json',
  headers,
}: Operation['response']): object {
  return {
    description,
    headers: headerReferences(headers),
    ...(schema && { content: { [type]: { schema: referenceTo(schema) } } }),
  }
}

function buildErrorResponses(operation: Operation): Record<string, object> {
  return Object.fromEntries(
    groupByStatus(errorsOf(operation)).map(([status, codes]) => {
      const isShared = codes.every((code) => COMMON_ERRORS.includes(code))
      const shared = { $ref: `#/components/responses/${errorResponseName(status)}` }
      return [status, isShared ? shared : buildErrorResponse(status, codes)]
    }),
  )
}

const referenceTo = (schema: string) => ({ $ref: `#/components/schemas/${schema}` })
