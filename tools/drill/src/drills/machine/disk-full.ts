import { join } from 'node:path'
import { listAll } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { postOne, startLoad } from '../../oracle/load.js'
import { makeMountPoint, mountMemory, mountObstacle } from '../../rig/mounts.js'
import { timed, until } from '../../rig/wait.js'
import { count, type Drill } from '../drill.js'

/** F9: the disk has no space for another message, and later has space again. */
export const diskFull: Drill = {
  name: 'disk-full',
  title: 'a data folder of 4 MB that fills up and is then enlarged',
  obstacle: mountObstacle,
  async run({ random, tally, log, openSite }) {
    const folder = makeMountPoint()
    const memory = mountMemory(folder, '4m')
    const site = openSite({ dataDirectory: join(folder, 'data') })
    const { history } = site
    const server = await site.start()
    const load = startLoad({ urls: [server.url], clients: 8, random, history })
    const full = await until(() => (load.responses.get(507) ?? 0) >= 50, 120_000)
    await load.stop()
    if (!full) tally.problems.push('The disk was never full.')
    count(tally, 'posts rejected with 507', load.responses.get(507) ?? 0)
    tally.injected += load.responses.get(507) ?? 0
    for (const [status, times] of load.responses) {
      if (status !== 201 && status !== 507)
        tally.problems.push(`${times} posts got a response with ${status}`)
    }
    const acknowledged = history.acknowledged()
    const readable = (await listAll(server.url)).length
    if (readable < acknowledged)
      tally.problems.push(`Only ${readable} of ${acknowledged} messages can be read while the disk is full.`)
    tally.figures['messages read while full'] = readable
    log(`full after ${acknowledged} messages`)

    memory.grow('64m')
    const { seconds, result } = await timed(() =>
      until(async () => (await postOne(server.url, { random, history })) === 201, 30_000),
    )
    if (!result) tally.problems.push('Nothing was accepted within 30 s after there was space again.')
    tally.figures['s to accepting again'] = seconds
    tally.figures['s to synchronized'] =
      (await examine(tally, { site, server }, { after: 'grown' })) ?? 'never'
    if ((await server.stop()) !== 0) tally.problems.push('The server did not exit with 0.')
  },
}
