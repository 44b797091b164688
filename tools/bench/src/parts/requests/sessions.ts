import { measureSessionChecks, SESSION_CHECKS } from '../../measures/session-checks.js'
import { compare } from '../../report/compare.js'
import type { Part } from '../part.js'

/** What finding out whose token a request has adds to it. */
export const sessions: Part = {
  name: 'sessions',
  title: 'checks of a session, beside a hash that is looked up in a table of SQLite',
  async run({ rounds }) {
    const contenders = SESSION_CHECKS.map((check) => ({
      name: check.name,
      run: () => measureSessionChecks(check),
    }))
    return [await compare({ id: 'sessions', what: 'checks of 1,000 sessions' }, { rounds, contenders })]
  },
}
