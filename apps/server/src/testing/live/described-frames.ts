import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { buildAsyncapi } from '../../live/build-asyncapi.js'

const document = buildAsyncapi()
const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'live')

/** What is wrong with a frame according to the AsyncAPI document. */
export function frameProblems(frame: { readonly type?: unknown }): string[] {
  const validate = ajv.getSchema(`live#/components/schemas/${String(frame.type)}`)
  if (!validate) return [`frames of the type ${frame.type} are not described`]
  validate(frame)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Expects a frame that the document describes. */
export function expectDescribed(frame: { readonly type?: unknown }): void {
  expect(frameProblems(frame)).toEqual([])
}
