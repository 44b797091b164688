import { expect, it } from 'vitest'
import { type AsyncapiDocument, frameTypesOf } from './asyncapi.js'

const channelMessage = (name: string) => ({ $ref: `#/channels/live/messages/${name}` })
const message = (name: string) => ({
  name,
  summary: `About ${name}`,
  payload: { $ref: `#/components/schemas/${name}` },
})

const DOCUMENT = {
  asyncapi: '3.0.0',
  info: { description: '' },
  defaultContentType: 'application/json',
  channels: {
    live: {
      ...{ address: '/live', title: '', description: '' },
      messages: Object.fromEntries(
        ['welcome', 'beat', 'hello'].map((name) => [name, { $ref: `#/components/messages/${name}` }]),
      ),
    },
  },
  operations: {
    sendFrames: { action: 'send', messages: [channelMessage('welcome'), channelMessage('beat')] },
    receiveHello: { action: 'receive', messages: [channelMessage('hello')] },
  },
  components: {
    messages: { welcome: message('welcome'), beat: message('beat'), hello: message('hello') },
  },
}

it('frameTypesOf() returns the frames of clients, then those of the server, in their order', () => {
  const frames = frameTypesOf(DOCUMENT as AsyncapiDocument)
  expect(frames.map(({ sentBy, name }) => `${sentBy} ${name}`)).toEqual([
    'Client hello',
    'Server welcome',
    'Server beat',
  ])
  expect(frames[0]).toMatchObject({ summary: 'About hello', payload: { $ref: '#/components/schemas/hello' } })
})
