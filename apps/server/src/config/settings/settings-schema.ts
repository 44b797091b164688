import type { Definition } from './definition.js'
import { SETTINGS } from './settings.js'

/** A text without commas, which separate the entries in the environment. */
const ENTRY = { type: 'string', pattern: '^[^,]+$' }

/** Builds the JSON Schema of the settings file, for editors. Draft 7, which all of them know. */
export function buildSettingsSchema(): object {
  const settings = [...SETTINGS].filter(([name]) => name !== 'GITMSG_CONFIG')
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of gitmsg',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(settings.map(([name, definition]) => [name, describeValue(definition)])),
    },
  }
}

function describeValue(definition: Definition): object {
  const { means, otherwise, default: value } = definition
  const description = otherwise ? `${means}. Default: ${otherwise}` : means
  return { description, ...typeOf(definition), ...(value !== undefined && { default: value }) }
}

function typeOf(definition: Definition): object {
  const { kind } = definition
  if (kind === 'integer') return { type: 'integer', minimum: definition.min, maximum: definition.max }
  if (kind === 'choice') return { enum: definition.values }
  return kind === 'list' ? { type: 'array', items: ENTRY } : { type: 'string', minLength: 1 }
}
