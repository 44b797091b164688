import { inputJsonSchemas, type ObjectJsonSchema } from '@gitmsg/core'
import type { Position } from '@gitmsg/store'
import { problem } from './errors.js'

/** The most characters of a topic, in UTF-16. */
export const MAX_TOPIC_LENGTH = 128
const POSITION = /^([0-9a-zA-Z_-]{1,64}):(0|[1-9][0-9]{0,14})$/

export const POSITION_PATTERN = POSITION.source

/** The value of the header `Gitmsg-Position`, and of the parameter `after` of the feed. */
export const toPositionText = ({ epoch, position }: Position): string => `${epoch}:${position}`

/** @throws {HttpError} `invalid_cursor` */
export function parsePosition(text: string): Position {
  const [, epoch, position] = POSITION.exec(text) ?? []
  if (epoch === undefined) {
    throw problem('invalid_cursor', { message: 'after must be a position: EPOCH:NUMBER.', field: 'after' })
  }
  return { epoch, position: Number(position) }
}

/** The parameters of a page of the feed. */
export const feedQuery: ObjectJsonSchema = {
  properties: {
    after: {
      type: 'string',
      pattern: POSITION_PATTERN,
      description:
        'Only changes after this place: the `Gitmsg-Position` of a response, or `epoch` and `position` of the page before with a colon between them. Default: from the beginning.',
      examples: ['5f2b7c1e3d2a4a55:0'],
    },
    limit: inputJsonSchemas().page.properties.limit ?? {},
  },
}

/** The parameters of an event stream. */
export const liveQuery: ObjectJsonSchema = {
  properties: {
    after: {
      ...feedQuery.properties.after,
      description: 'The place of the feed after which to begin. Default: now. `Last-Event-ID` replaces it.',
    },
    topic: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_TOPIC_LENGTH,
      description: 'Only messages with exactly this topic, or that had it before the change.',
      examples: ['deploys'],
    },
  },
}
