import { measureJourneys, measureScripts } from '../measures/journeys.js'
import { compare } from '../report/compare.js'
import { baseSize, formatCount, type Part } from './part.js'

/** One message at a time on an idle server. */
export const journey: Part = {
  name: 'journey',
  title: 'from the 201 to the remote, one message at a time, beside a shell script',
  async run(bench) {
    const size = baseSize(bench)
    const options = { fixture: await bench.fixtures.synchronized(size), size }
    const contenders = [
      { name: 'gitmsg', run: () => measureJourneys(options) },
      { name: 'git fast-import and push', run: () => measureScripts(options) },
    ]
    const what = `journey of a message to a file remote of ${formatCount(size)} messages`
    return [await compare({ id: 'journey', what }, { rounds: bench.rounds, contenders })]
  },
}
