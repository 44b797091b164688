import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { compare, describe } from '../../oracle/compare.js'
import { examine } from '../../oracle/examine.js'
import { startLoad } from '../../oracle/load.js'
import { readDatabase } from '../../oracle/stores.js'
import { makeImage, makeMountPoint, mountImage, mountObstacle } from '../../rig/mounts.js'
import { run } from '../../rig/shell.js'
import { pause } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'

const IMAGE_MEBIBYTES = 128

/** F6, F7: only what reached the block device survives. */
export const powerCut: Drill = {
  name: 'power-cut',
  title: 'power cuts, one after the other, with the data folder on its own ext4',
  obstacle: mountObstacle,
  async run(context) {
    await cutRepeatedly(context, { remote: true, cuts: context.scale(15, 2) })
    await cutRepeatedly(context, { remote: false, cuts: context.scale(15, 2) })
  },
}

async function cutRepeatedly(
  { random, tally, log, openSite }: DrillContext,
  { remote, cuts }: { remote: boolean; cuts: number },
): Promise<void> {
  const variant = remote ? 'with a remote' : 'without a remote'
  const folder = makeMountPoint()
  const site = openSite({ remote, dataDirectory: join(folder, 'data') })
  let image = join(site.path, 'disk-0.img')
  makeImage(image, IMAGE_MEBIBYTES)

  for (let cut = 0; ; cut += 1) {
    const unmount = mountImage(image, folder)
    const server = await site.start()
    const database = readDatabase(site.database)
    const difference = describe(compare(site.history.read(), database.contents))
    for (const problem of [...database.problems, ...(difference ? [difference] : [])]) {
      tally.problems.push(`${variant}, after cut ${cut}: ${problem}`)
    }
    if (cut === cuts) {
      const seconds = await examine(tally, { site, server }, { after: variant })
      tally.figures[`${variant}: s to synchronized after the last`] = seconds ?? 'never'
      await server.stop()
      unmount()
      break
    }
    const load = startLoad({ urls: [server.url], clients: 8, random, history: site.history })
    await pause(random.integer(200, 1500))
    server.signal('SIGSTOP', 'with-children')
    const next = join(site.path, `disk-${cut + 1}.img`)
    copyAsOnDevice(image, next)
    const stopping = load.stop()
    await server.stop('SIGKILL', 'with-children')
    await stopping
    unmount()
    rmSync(image)
    image = next
    tally.injected += 1
    count(tally, 'posts acknowledged and then cut', load.latencies.length)
  }
  log(`${cuts} cuts ${variant}`)
  site.close()
}

/** Copies a mounted image. What the file system has not yet written to it is lost, as in a power cut. */
export function copyAsOnDevice(image: string, copy: string): void {
  run('cp', '--sparse=always', image, copy)
}
