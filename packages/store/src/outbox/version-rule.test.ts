import { it } from 'vitest'
import { expectConvergence, type Rewriting } from '../testing/version-model.js'

it.each<[Rewriting, number]>([
  ['none', 50],
  ['rollbacks', 50],
  ['purges', 50],
])(
  'three servers converge, whatever they lose, with these rewritings of the history: %s',
  (rewriting, numRuns) => expectConvergence(rewriting, { numRuns }),
)
