import { expect, it } from 'vitest'
import { FLOW_SECONDS, hasState, readFlow, startFlow } from './flow.js'

const NOW = Date.UTC(2025, 0, 9)

it('readFlow() finds the flow of a secret for ten minutes', () => {
  const { secret, flow } = startFlow(NOW)
  expect(readFlow(secret, NOW)).toEqual(flow)
  expect(readFlow(secret, NOW + 1000 * FLOW_SECONDS)).toEqual(flow)
  expect(readFlow(secret, NOW + 1000 * (FLOW_SECONDS + 1))).toBeNull()
  expect(readFlow(secret, NOW - 1000)).toBeNull()
})

it('readFlow() finds another flow if the time in the secret was changed', () => {
  const { secret, flow } = startFlow(NOW)
  const later = Math.floor(NOW / 1000 + FLOW_SECONDS).toString(36)
  const changed = readFlow(secret.replace(/^[^.]+/, later), NOW + 1000 * FLOW_SECONDS)
  expect(changed && hasState(changed, flow.state)).toBe(false)
})

it.each(['', 'a', '.', `t6k2zq.${'a'.repeat(42)}`, `t6k2zq.${'a'.repeat(44)}`, `T6K2ZQ.${'a'.repeat(43)}`])(
  'readFlow() rejects what is not a secret: %j',
  (secret) => {
    expect(readFlow(secret, NOW)).toBeNull()
  },
)

it('a flow has three different values, of which no two flows share one', () => {
  const values = [startFlow(NOW), startFlow(NOW)].flatMap(({ secret, flow }) => [
    secret,
    ...Object.values(flow),
  ])
  expect(new Set(values).size).toBe(8)
})
