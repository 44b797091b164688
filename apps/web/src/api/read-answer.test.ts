import { expect, it } from 'vitest'
import type { Exchange } from './exchange.js'
import { readAnswer } from './read-answer.js'

const answered = (status: number, body: string, headers: [string, string][] = []): Exchange => ({
  request: { method: 'GET', url: 'http://localhost/', target: '/', headers: [], body: null },
  response: { status, statusText: 'Some Words', headers, body },
  problem: null,
  took: 1,
})

it('gives the value of a success and its links', () => {
  const answer = readAnswer(answered(200, '[]', [['link', '</messages>; rel="next"']]))
  expect(answer).toEqual({ kind: 'success', value: [], link: '</messages>; rel="next"' })
})

it('keeps the code, the message and the field of a refusal', () => {
  const error = { code: 'invalid', message: 'content is blank', field: 'content' }
  const answer = readAnswer(answered(422, JSON.stringify({ status: 'error', error })))
  expect(answer).toEqual({ kind: 'refused', status: 422, error })
})

it('makes a refusal of an answer that is not JSON, from a proxy say', () => {
  for (const status of [200, 502]) {
    const answer = readAnswer(answered(status, '<html>'))
    expect(answer).toMatchObject({
      kind: 'refused',
      error: { message: `The server answered ${status} Some Words` },
    })
  }
})

it('says when there was no answer', () => {
  const exchange = { ...answered(0, ''), response: null, problem: 'The server does not answer' }
  expect(readAnswer(exchange)).toEqual({ kind: 'unanswered', problem: 'The server does not answer' })
})
