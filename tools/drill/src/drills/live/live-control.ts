import { until } from '../../rig/wait.js'
import type { Drill } from '../drill.js'
import { followByEvents, type ResumeAt } from './follow-by-events.js'
import { openStage } from './stage.js'

const WAYS: readonly ResumeAt[] = ['last', 'nowhere', 'first']
const CATCH_UP_TIMEOUT_MS = 30_000

/** Proves that the drill `live` notices a lost message and one that came twice: clients that resume wrongly have both. */
export const liveControl: Drill = {
  name: 'live-control',
  title:
    'clients that resume nowhere, which must lose messages, or at their first place, which must get some twice',
  async run(context) {
    const { tally, scale } = context
    const stage = await openStage(context, [{ fault: 'reset' }])
    const [line] = stage.lines
    const { url = '' } = line ?? {}
    const clients = WAYS.map((resumeAt) =>
      followByEvents({ url, start: stage.start, clockSpeed: 1 }, { resumeAt }),
    )
    for (let kills = 0; kills < scale(5, 2); kills += 1) await stage.kill()
    await stage.write(scale(20_000, 8_000))
    tally.injected += line?.injected() ?? 0
    line?.repair()
    const { feed } = await stage.finish()
    const differences = () => clients.map(({ ledger }) => ledger.compare(feed))
    await until(() => differences()[0]?.lost === 0, CATCH_UP_TIMEOUT_MS)
    const [last, nowhere, first] = differences()
    for (const { stop } of clients) stop()
    tally.figures['of the client that resumes at its last place: lost, twice'] =
      `${last?.lost}, ${last?.duplicated}`
    tally.figures['of the client that resumes nowhere: lost'] = nowhere?.lost ?? 0
    tally.figures['of the client that resumes at its first place: twice'] = first?.duplicated ?? 0
    if (last?.lost || last?.duplicated)
      tally.problems.push('The client that resumes as it should did not pass.')
    if (!nowhere?.lost) tally.problems.push('The control lost nothing, so nothing would be noticed.')
    if (!first?.duplicated) tally.problems.push('The control got nothing twice, so nothing would be noticed.')
  },
}
