import { describe, expect, it } from 'vitest'
import { linkTarget, toApiResult } from './api-result.js'
import type { Exchange } from './exchange.js'

const exchangeWith = (status: number, body: string, headers: [string, string][] = []): Exchange => ({
  request: { method: 'GET', url: 'http://localhost/', target: '/', headers: [], body: null },
  response: { status, statusText: 'Some Words', headers, body },
  problem: null,
  durationMs: 1,
})

describe('toApiResult()', () => {
  it('returns the value of a success, its next link and its place in the feed', () => {
    const result = toApiResult(
      exchangeWith(200, '[]', [
        ['link', '</messages?before=7>; rel="next"'],
        ['gitmsg-position', '5f2b7c1e:1234'],
      ]),
    )
    const position = { epoch: '5f2b7c1e', position: 1234 }
    expect(result).toEqual({ kind: 'success', value: [], next: '/messages?before=7', position })
  })

  it.each<[string, [string, string][]]>([
    ['none', []],
    ['an invalid one', [['gitmsg-position', '1234']]],
  ])('returns null as the next link and the place if there is %s', (_, headers) => {
    expect(toApiResult(exchangeWith(200, '[]', headers))).toEqual({
      ...{ kind: 'success', value: [] },
      ...{ next: null, position: null },
    })
  })

  it('returns null for a response without content', () => {
    expect(toApiResult(exchangeWith(204, ''))).toEqual({
      kind: 'success',
      value: null,
      next: null,
      position: null,
    })
  })

  it('keeps the code, the message and the field of an error', () => {
    const error = { code: 'invalid', message: 'content is blank', field: 'content' }
    const result = toApiResult(exchangeWith(422, JSON.stringify({ status: 'error', error })))
    expect(result).toEqual({ kind: 'http-error', status: 422, error })
  })

  it.each([200, 502])('treats a response that is not JSON as an error, as from a proxy: %s', (status) => {
    expect(toApiResult(exchangeWith(status, '<html>'))).toMatchObject({
      kind: 'http-error',
      error: { message: `The server responded with ${status} Some Words` },
    })
  })

  it('reports a missing response with its problem', () => {
    const problem = 'The server cannot be reached'
    const exchange = { ...exchangeWith(0, ''), response: null, problem }
    expect(toApiResult(exchange)).toEqual({ kind: 'no-response', problem })
  })
})

describe('linkTarget()', () => {
  it('finds the next page', () => {
    expect(linkTarget('</messages?limit=2&before=7>; rel="next"', 'next')).toBe('/messages?limit=2&before=7')
  })

  it('finds one link among several, in any order of parameters', () => {
    const header = '</a>; rel="prev", </b?x=1,2>; title="one, two"; rel=next'
    expect(linkTarget(header, 'next')).toBe('/b?x=1,2')
    expect(linkTarget(header, 'prev')).toBe('/a')
  })

  it('reads several relations of one link, in any case', () => {
    expect(linkTarget('</a>; REL="Last NEXT"', 'next')).toBe('/a')
  })

  it('returns null without a header, a relation or a match', () => {
    expect(linkTarget(null, 'next')).toBeNull()
    expect(linkTarget('</a>', 'next')).toBeNull()
    expect(linkTarget('</a>; rel="prev"', 'next')).toBeNull()
  })
})
