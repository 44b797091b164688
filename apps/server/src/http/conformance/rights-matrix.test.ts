import { afterAll, beforeAll, expect, it } from 'vitest'
import { openAccountContract } from '../../testing/contract/open-account-contract.js'
import { ACTORS, createActor } from '../../testing/rights/actors.js'
import { createRequest, OWNED_REQUESTS } from '../../testing/rights/requests.js'
import { expectedOutcome, RIGHTS } from '../../testing/rights/rights.js'
import { outcomeOf } from '../../testing/servers/open-account-server.js'
import { OPERATIONS } from '../openapi/endpoints.js'

/** `POST /messages as oneself` is a case of `POST /messages`. */
const endpointOf = (name: string) => name.split(' ').slice(0, 2).join(' ')

let contract: Awaited<ReturnType<typeof openAccountContract>>
beforeAll(async () => {
  contract = await openAccountContract()
})
afterAll(() => contract[Symbol.asyncDispose]())

it('the matrix of rights has every endpoint, and every case in which its target has an owner', () => {
  const names = Object.keys(RIGHTS)
  expect([...new Set(names.map(endpointOf))].toSorted()).toEqual(Object.keys(OPERATIONS).toSorted())
  const withCases = names.filter((name) => name !== endpointOf(name))
  expect(withCases.toSorted()).toEqual(Object.keys(OWNED_REQUESTS).toSorted())
})

// Covers V8.1.1, V8.2.1, V8.2.2, V8.3.1
it.each(Object.entries(RIGHTS))('everyone gets what their rights allow: %s', async (name, row) => {
  const endpoint = endpointOf(name)
  const expected: string[] = []
  const received: string[] = []
  for (const kind of ACTORS) {
    const actor = await createActor(contract, kind)
    const sent = await (OWNED_REQUESTS[name]?.(contract, actor) ?? createRequest(contract, endpoint))
    const response = await contract.send(endpoint, { ...sent, token: actor.token })
    expected.push(`${kind}: ${expectedOutcome(row, kind)}`)
    received.push(`${kind}: ${outcomeOf(response)}`)
  }
  expect(received).toEqual(expected)
})
