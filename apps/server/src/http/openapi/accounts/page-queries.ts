import type { ObjectJsonSchema } from '@gitmsg/core'
import { z } from 'zod'

const limit = z.int().min(1).max(1000).optional().meta({
  description: 'At most this many. Default: 50.',
})
const account = z
  .string()
  .max(32)
  .optional()
  .meta({ description: 'Only those of this account.', examples: ['alice'] })
const number = (description: string) => z.int().min(0).optional().meta({ description })

/** The queries of lists about accounts. */
export const PAGE_QUERIES = {
  accounts: z.strictObject({
    limit,
    after: z
      .string()
      .max(32)
      .optional()
      .meta({ description: 'Only handles after this one.', examples: ['alice'] }),
  }),
  tokens: z.strictObject({ limit, account, before: number('Only ids below this one.') }),
  newest: z.strictObject({ limit, before: number('Only numbers below this one.') }),
  oldest: z.strictObject({ limit, after: number('Only ids above this one.') }),
} as const

/** A query as JSON Schema. */
export function pageJsonSchema(query: z.ZodType): ObjectJsonSchema {
  const { $schema, '~standard': _, ...schema } = z.toJSONSchema(query, { io: 'input' })
  return schema as unknown as ObjectJsonSchema
}
