import { expect, it } from 'vitest'
import { createResolve, type OpenapiDocument, type Response } from './openapi.js'

const NOT_FOUND: Response = { description: 'There is no such message.' }
const resolve = createResolve({
  components: {
    responses: { NotFound: NOT_FOUND, Absent: { $ref: '#/components/responses/NotFound' } },
  },
} as unknown as OpenapiDocument)

it('resolve() returns a part without a reference unchanged', () => {
  expect(resolve(NOT_FOUND)).toBe(NOT_FOUND)
})

it('resolve() follows a reference to a reference', () => {
  expect(resolve<Response>({ $ref: '#/components/responses/Absent' })).toBe(NOT_FOUND)
})

it('resolve() throws for a broken reference', () => {
  expect(() => resolve<Response>({ $ref: '#/components/responses/Gone' })).toThrow(
    'The document has nothing at #/components/responses/Gone',
  )
})
