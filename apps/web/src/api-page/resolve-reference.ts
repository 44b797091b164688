import type { OpenapiDocument, Resolve } from './openapi-types.js'

/** Finds what a part of the document refers to, or gives the part itself; throws where there is nothing. */
export function createResolve(document: OpenapiDocument): Resolve {
  return function resolve(part) {
    if (part.$ref === undefined) return part
    const steps = part.$ref.slice(2).split('/')
    const found = steps.reduce<unknown>(
      (place, step) => (place as Record<string, unknown> | undefined)?.[step],
      document,
    )
    if (found === undefined) throw new Error(`The document has nothing at ${part.$ref}`)
    return resolve(found as typeof part)
  }
}
