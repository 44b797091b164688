import type { ServerResponse } from 'node:http'
import type { Answered } from './answer-call.js'
import { BAD_GATEWAY, type FakeAnswer } from './fake-answer.js'
import type { FakeSettings } from './fake-settings.js'

const LIMIT = 5000

/** Sends an answer, or what a fault makes of it. */
export function sendAnswer(
  { answer, logged }: Answered,
  settings: FakeSettings,
  response: ServerResponse,
): void {
  switch (logged.fault) {
    case 'before-lost':
    case 'after-lost':
      response.destroy()
      return
    case 'hang':
      return
    case 'after-502':
      send(BAD_GATEWAY, settings, response)
      return
    case 'cut':
      breakOff(answer, response)
      return
    default:
      send(answer, settings, response)
  }
}

function send(
  { status, body, headers }: FakeAnswer,
  { remaining }: FakeSettings,
  response: ServerResponse,
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-ratelimit-limit': String(LIMIT),
    'x-ratelimit-remaining': String(Math.max(0, remaining)),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    ...headers,
  })
  response.end(JSON.stringify(body))
}

/** Announces the whole answer and sends half of it. */
function breakOff({ status, body }: FakeAnswer, response: ServerResponse): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.write(text.slice(0, text.length / 2), () => response.destroy())
}
