import { query } from '@gitmsg/test-postgres/databases'
import { type EmbeddedCluster, embeddedObstacle } from '@gitmsg/test-postgres/embedded-cluster'
import { listAll } from '../../oracle/api-client.js'
import { makeMountPoint, mountMemory, mountObstacle } from '../../rig/mounts.js'
import { run } from '../../rig/shell.js'
import { pause, until } from '../../rig/wait.js'
import { count, type Drill, type DrillContext } from '../drill.js'
import { examineFleet } from './examine-fleet.js'
import { type Fleet, openDatabase, openFleet, untilReady } from './fleet.js'
import { noteResponses, startWriting, type Writing } from './writers.js'

const FULL_TIMEOUT_MS = 180_000
const ROOM_BYTES = 700_000
const GROWN = '600m'
/** After this time there is something new in the log. */
const SWITCH_MS = 300
const MIN_REJECTED = 50

/** The disk of the database fills up, and later has space again. */
export const postgresDiskFull: Drill = {
  name: 'postgres-disk-full',
  title:
    'three servers on a PostgreSQL whose disk fills up and is then enlarged, with its log there or elsewhere',
  obstacle: () => embeddedObstacle() ?? mountObstacle(),
  async run(context) {
    for (let round = 0; round < context.scale(2, 1); round += 1) {
      await fill(context, { isLogElsewhere: true, responses: ['507 storage_full'] })
      await fill(context, {
        isLogElsewhere: false,
        responses: ['507 storage_full', '503 storage_unavailable'],
      })
    }
  },
}

interface Variant {
  readonly isLogElsewhere: boolean
  /** What those whose messages were not stored are told. */
  readonly responses: readonly string[]
}

async function fill(context: DrillContext, { isLogElsewhere, responses }: Variant): Promise<void> {
  const { tally, log } = context
  const after = isLogElsewhere ? 'disk of the data full' : 'disk of data and log full'
  const folder = makeMountPoint()
  const memory = mountMemory(folder, GROWN)
  run('chmod', '777', folder)
  const database = await openDatabase({ dataFolder: folder, isLogElsewhere })
  const fleet = await openFleet(context, database.url)
  const writing = startWriting(context, fleet)
  await pause(2_000)
  await query(database.url, 'checkpoint')
  memory.grow(String(usedBytes(folder) + ROOM_BYTES))
  const rejected = () => responses.reduce((sum, response) => sum + (writing.responses.get(response) ?? 0), 0)
  if (!(await until(() => rejected() >= MIN_REJECTED, FULL_TIMEOUT_MS)))
    tally.problems.push(`${after}: the disk was never full.`)
  tally.injected += rejected()
  if (isLogElsewhere) await readWhileFull(context, { fleet, database, after })
  else await fillLog(context, database)

  memory.grow(GROWN)
  // As its supervisor would.
  if (database.pid === null) await database.start()
  tally.figures[`${after}: s until all were ready`] = await untilReady(context, fleet)
  await pause(2_000)
  await writing.stop()
  judgeResponses(context, { writing, after, responses })
  const seconds = await examineFleet(context, { fleet, url: database.url, after })
  tally.figures[`${after}: s until all was synchronized`] = seconds
  log(`${after}, ${tally.injected} rejected, synchronized after ${seconds} s`)
  await fleet.stop()
  await database.stop()
}

/** Without space for another file of its log, PostgreSQL ends itself. */
async function fillLog({ tally }: DrillContext, database: EmbeddedCluster): Promise<void> {
  const hasEnded = await until(async () => {
    await query(database.url, 'select pg_switch_wal()').catch(() => {})
    await pause(SWITCH_MS)
    return database.pid === null
  }, FULL_TIMEOUT_MS)
  if (hasEnded) count(tally, 'times that PostgreSQL ended itself')
  else tally.problems.push('There was always space for the log.')
}

/** All that was acknowledged can be read. */
async function readWhileFull(
  { tally }: DrillContext,
  { fleet, database, after }: { fleet: Fleet; database: EmbeddedCluster; after: string },
): Promise<void> {
  const acknowledged = fleet.history.acknowledged()
  const { url = '' } = fleet.servers[0] ?? {}
  const [{ versions = 0 } = {}] = await query<{ versions: number }>(
    database.url,
    'select count(*)::int as versions from gitmsg.versions',
  )
  const readable = (await listAll(url)).length + versions
  if (readable < acknowledged)
    tally.problems.push(`${after}: ${readable} of ${acknowledged} versions can be read.`)
}

function judgeResponses(
  { tally }: DrillContext,
  { writing, after, responses }: { writing: Writing; after: string; responses: readonly string[] },
): void {
  noteResponses(tally, writing)
  const expected = ['200', '201', ...responses]
  for (const [name, times] of writing.responses)
    if (!expected.includes(name)) tally.problems.push(`${after}: ${times} requests got the response ${name}.`)
}

/** The bytes that are used on the file system of this folder. */
function usedBytes(folder: string): number {
  const [, bytes] = run('df', '--block-size=1', '--output=used', folder).trim().split('\n')
  return Number(bytes)
}
