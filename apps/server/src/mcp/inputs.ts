import { inputJsonSchemas, parseMessageInput } from '@gitmsg/core'
import { z } from 'zod'
import { parseMessageKey } from '../client/message-key.js'

const { properties } = inputJsonSchemas().message
const VALID = { content: 'x', sender: 'x' }

/**
 * A field of a message, with the limits of the API. Its pattern is not described: some hosts of agents reject regular
 * expressions with properties of Unicode.
 */
export function textField(name: 'content' | 'topic') {
  const { minLength, maxLength, description } = properties[name] ?? {}
  return z
    .string()
    .superRefine((value, context) => {
      try {
        parseMessageInput({ ...VALID, [name]: value })
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
    })
    .meta({ minLength, maxLength, description: String(description) })
}

/** What names a message: agents pass an id as a number or as a text. */
export const messageKey = (description: string) =>
  z
    .union([z.int().min(1), z.string().min(1).max(64)])
    .transform((key) => parseMessageKey(String(key)))
    .describe(description)
