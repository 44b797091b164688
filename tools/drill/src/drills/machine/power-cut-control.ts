import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { onCleanup } from '../../rig/cleanup.js'
import { makeImage, makeMountPoint, mountImage, mountObstacle } from '../../rig/mounts.js'
import { pause } from '../../rig/wait.js'
import type { Drill, DrillContext } from '../drill.js'
import { copyAsOnDevice } from './power-cut.js'

const WRITER = fileURLToPath(new URL('write-rows.js', import.meta.url))
const IMAGE_MEBIBYTES = 64

/** Proves that the rig of {@link powerCut} works: a database that does not wait for the disk must lose rows. */
export const powerCutControl: Drill = {
  name: 'power-cut-control',
  title: 'the same power cuts under SQLite alone: at NORMAL it must lose rows, at FULL it must not',
  obstacle: mountObstacle,
  async run(context) {
    const { tally } = context
    const lostAtNormal = await cutWriter(context, 'NORMAL', context.scale(20, 3))
    const lostAtFull = await cutWriter(context, 'FULL', context.scale(20, 3))
    if (lostAtNormal === 0) tally.problems.push('The control lost nothing, so the power cuts have no effect.')
    if (lostAtFull > 0) tally.problems.push(`The rig itself loses rows: ${lostAtFull} at FULL.`)
  },
}

/** Cuts the power under a writer repeatedly, each time on a new disk; resolves with the number of lost rows. */
async function cutWriter(
  { random, tally, log, openSite }: DrillContext,
  synchronous: string,
  cuts: number,
): Promise<number> {
  const folder = makeMountPoint()
  const site = openSite({ remote: false })
  let acknowledged = 0
  let lost = 0
  let lossy = 0
  for (let cut = 0; cut < cuts; cut += 1) {
    const image = join(site.path, `${cut}.img`)
    const copy = join(site.path, `${cut}-cut.img`)
    makeImage(image, IMAGE_MEBIBYTES)
    const unmount = mountImage(image, folder)
    const writer = startWriter(join(folder, 'rows.db'), synchronous)
    await pause(random.integer(300, 1500))
    writer.process.kill('SIGSTOP')
    const last = writer.last()
    copyAsOnDevice(image, copy)
    const ended = once(writer.process, 'exit')
    writer.process.kill('SIGKILL')
    await ended
    unmount()

    const unmountCopy = mountImage(copy, folder)
    const missing = last - lastRow(join(folder, 'rows.db'))
    unmountCopy()
    tally.injected += 1
    acknowledged += last
    if (missing > 0) lossy += 1
    lost += Math.max(0, missing)
  }
  tally.acknowledged += acknowledged
  tally.figures[`${synchronous}: rows lost`] = `${lost} of ${acknowledged}, in ${lossy} of ${cuts} cuts`
  log(`${cuts} cuts at ${synchronous}: ${lost} of ${acknowledged} rows lost`)
  site.close()
  return lost
}

function startWriter(path: string, synchronous: string) {
  const writer = spawn(process.execPath, [WRITER, path, synchronous], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const forget = onCleanup(() => void writer.kill('SIGKILL'))
  writer.once('exit', forget)
  let tail = ''
  writer.stdout.on('data', (chunk) => {
    tail = (tail + chunk).slice(-64)
  })
  // The last complete line; the one after it may be incomplete.
  return { process: writer, last: () => Number(tail.split('\n').at(-2) ?? 0) }
}

/** The number of the last row: rows are numbered without gaps. */
function lastRow(path: string): number {
  if (!existsSync(path)) return 0
  const database = new Database(path)
  try {
    const table = database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'rows'").pluck().get()
    return table ? (database.prepare('SELECT count(*) FROM rows').pluck().get() as number) : 0
  } finally {
    database.close()
  }
}
