import { afterEach, expect, it, vi } from 'vitest'
import { expectConvergence, type Rewriting } from '../testing/version-model.js'
import type { decide } from './version-rule.js'

type Rule = typeof decide
type Mutant = (real: Rule, ...given: Parameters<Rule>) => ReturnType<Rule>

const current = vi.hoisted(() => ({ mutant: null as Mutant | null, used: 0 }))

vi.mock('./version-rule.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('./version-rule.js')>()
  const mutated: Rule = (state, recorded) => {
    const real = original.decide(state, recorded)
    const decision = current.mutant?.(original.decide, state, recorded) ?? real
    if (JSON.stringify(decision) !== JSON.stringify(real)) current.used += 1
    return decision
  }
  return { ...original, decide: mutated }
})

afterEach(() => {
  current.mutant = null
  current.used = 0
})

/** Rules that are wrong in one respect. */
const MUTANTS: [name: string, rewriting: Rewriting, mutant: Mutant][] = [
  [
    'versions of this server are not recognized',
    'none',
    (real, state, recorded) =>
      real(
        { ...state, pending: state.pending.map((one) => ({ ...one, content: `${one.content}?` })) },
        recorded,
      ),
  ],
  [
    'only the oldest pending version is recognized',
    'purges',
    (real, state, recorded) => {
      const rest = state.pending.slice(1).map((one) => ({ ...one, content: `${one.content}?` }))
      return real({ ...state, pending: [...state.pending.slice(0, 1), ...rest] }, recorded)
    },
  ],
  [
    'pending versions keep their numbers',
    'none',
    (real, state, recorded) => {
      const decision = real(state, recorded)
      if (decision.outcome !== 'applied') return decision
      return { ...decision, renumbered: decision.renumbered.map(({ from }) => ({ from, to: from })) }
    },
  ],
  [
    'what a lost history had is renumbered, not forgotten',
    'purges',
    (real, state, recorded) =>
      real({ ...state, pending: state.pending.map((one) => ({ ...one, wasPublished: false })) }, recorded),
  ],
  [
    'the first version of a message wins',
    'none',
    (real, state, recorded) => {
      const decision = real(state, recorded)
      return decision.outcome === 'applied' ? { outcome: 'outdated' } : decision
    },
  ],
]

it.each(MUTANTS)('servers do not converge by a rule by which %s', async (_, rewriting, mutant) => {
  current.mutant = mutant
  const runs = expectConvergence(rewriting, { numRuns: 400, seed: 6, endOnFailure: true })
  await expect(runs).rejects.toThrow()
  expect(current.used).toBeGreaterThan(0)
})
