import { createResolve, type Resolve, type Schema } from './openapi.js'

/** A part of an AsyncAPI document that may be a reference. */
interface Reference {
  readonly $ref?: string
}

interface Message extends Reference {
  readonly name?: string
  readonly summary?: string
  readonly payload?: Schema
}

/** The server's AsyncAPI document: the fields that this page reads. */
export interface AsyncapiDocument {
  readonly asyncapi: string
  readonly info: { readonly description: string }
  readonly defaultContentType: string
  readonly channels: {
    readonly live: { readonly address: string; readonly title: string; readonly description: string }
  }
  /** `receive` and `send` are what the server does. */
  readonly operations: Readonly<
    Record<string, { readonly action: 'receive' | 'send'; readonly messages: readonly Message[] }>
  >
  readonly components: object
}

/** One type of frame. */
export interface FrameType {
  readonly name: string
  readonly sentBy: 'Client' | 'Server'
  readonly summary: string
  readonly payload: Schema
}

/** The frames of the live channel, those of clients first. */
export function frameTypesOf(document: AsyncapiDocument): FrameType[] {
  const resolve = createResolve(document)
  return Object.values(document.operations)
    .flatMap(({ action, messages }) => messages.map((message) => frameType(message, action, resolve)))
    .sort((one, other) => one.sentBy.localeCompare(other.sentBy))
}

function frameType(message: Message, action: 'receive' | 'send', resolve: Resolve): FrameType {
  const { name = '', summary = '', payload = {} } = resolve(message)
  return { name, sentBy: action === 'receive' ? 'Client' : 'Server', summary, payload }
}
