import { measureFanOut, measureIdleFrames } from '../../measures/live-posts.js'
import { measureReturn } from '../../measures/returning-clients.js'
import { compare } from '../../report/compare.js'
import { startBareLive, startLive } from '../../rig/services.js'
import { baseSize, formatCount, type Part } from '../part.js'

const SOCKETS = 1_000
const SLOW_READERS = 200
const RETURNING = 10_000
/** As gitmsg gathers. */
const GATHER_MS = 50
const MIN_SECONDS = 10

/** The live channel. */
export const live: Part = {
  name: 'live',
  title: 'from the 201 to the frame, idle and with many sockets; /healthz while many clients reconnect',
  async run(bench) {
    const { fixtures, rounds, seconds } = bench
    const fixture = await fixtures.synchronized(baseSize(bench))
    const own = { fixture, start: (folder: string) => startLive(folder) }
    const bare = (gatherMs: number) => ({
      fixture,
      start: (folder: string) => startBareLive(folder, gatherMs),
    })
    const load = { sockets: SOCKETS, seconds: Math.max(seconds, MIN_SECONDS) }
    return [
      await compare(
        { id: 'live-idle', what: 'live: from the 201 to the frame, idle' },
        {
          rounds,
          contenders: [
            { name: 'gitmsg', run: () => measureIdleFrames(own) },
            { name: 'bare ws server', run: () => measureIdleFrames(bare(0)) },
          ],
        },
      ),
      await compare(
        { id: 'live-sockets', what: `live: 100 posts/s to ${formatCount(SOCKETS)} sockets` },
        {
          rounds,
          contenders: [
            { name: 'gitmsg', run: () => measureFanOut({ ...own, ...load }) },
            {
              name: `gitmsg, and ${SLOW_READERS} slow readers`,
              run: () => measureFanOut({ ...own, ...load, slowReaders: SLOW_READERS }),
            },
            { name: 'bare ws server, gathering', run: () => measureFanOut({ ...bare(GATHER_MS), ...load }) },
          ],
        },
      ),
      await compare(
        { id: 'live-return', what: '/healthz after a kill -9, while clients reconnect' },
        {
          rounds,
          contenders: [
            {
              name: `${formatCount(RETURNING)} clients`,
              run: () => measureReturn({ fixture, clients: RETURNING }),
            },
            { name: 'no clients', run: () => measureReturn({ fixture, clients: 0 }) },
          ],
        },
      ),
    ]
  },
}
