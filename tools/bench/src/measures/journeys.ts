import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { messagePath } from '@gitmsg/core'
import { onCopy } from '../data/folders.js'
import { makeMessage } from '../data/messages.js'
import type { Readings } from '../report/compare.js'
import { type BranchWatch, watchBranch } from '../rig/branch-watch.js'
import { runScript } from '../rig/git.js'
import { gitmsgWithRemote } from '../rig/services.js'

const MESSAGES = 7
/** The pause between two messages. */
const PAUSE_MS = 250
/** The pause between the start of the server and the first message. */
const WARM_UP_MS = 1_000
const SCRIPT = `
git -C "$1/repository.git" fast-import --quiet < "$1/stream"
git -C "$1/repository.git" push --quiet "$1/remote.git" main`

export interface JourneyOptions {
  /** A folder with `size` synchronized messages. */
  readonly fixture: string
  readonly size: number
}

/** The time from the 201 until the commit is in the remote: the median over a few messages, in milliseconds. */
export function measureJourneys({ fixture }: JourneyOptions): Promise<Readings> {
  return onCopy(fixture, 'gitmsg', async (folder) => {
    const branch = await watchBranch(join(folder, 'remote.git'))
    const server = await gitmsgWithRemote.start(folder)
    try {
      await pause(WARM_UP_MS)
      return await sendEach(branch, async (number) => {
        const body = JSON.stringify(makeMessage(number))
        const headers = { 'content-type': 'application/json' }
        const response = await fetch(`${server.url}messages`, { method: 'POST', headers, body })
        const startedAt = performance.now()
        if (response.status !== 201) throw new Error(`A post failed with ${response.status}`)
        return { startedAt, ended: Promise.resolve() }
      })
    } finally {
      await server.stop()
    }
  })
}

/** The same from the start of a script that writes a commit like gitmsg's and pushes it. */
export function measureScripts({ fixture, size }: JourneyOptions): Promise<Readings> {
  return onCopy(fixture, 'repositories', async (folder) => {
    const branch = await watchBranch(join(folder, 'remote.git'))
    return sendEach(branch, async (number) => {
      await writeFile(join(folder, 'stream'), commitStream(size + number))
      return { startedAt: performance.now(), ended: runScript(SCRIPT, [folder]) }
    })
  })
}

/** Sends messages one at a time with a pause in between. */
async function sendEach(
  branch: BranchWatch,
  send: (number: number) => Promise<{ startedAt: number; ended: Promise<unknown> }>,
): Promise<Readings> {
  const times: number[] = []
  for (let number = 1; number <= MESSAGES; number += 1) {
    const { startedAt, ended } = await send(number)
    times.push((await branch.moved()) - startedAt)
    await ended
    await pause(PAUSE_MS)
  }
  await branch.assertOneCommitEach(MESSAGES)
  return { ms: times.toSorted((one, other) => one - other)[Math.floor(MESSAGES / 2)] as number }
}

/** One commit with one message's file, as gitmsg would write it. */
function commitStream(number: number): string {
  const uid = randomUUID()
  const text = `Message ${number} from alice\n\nMessage-Id: ${uid}\nSender: alice\n`
  const file = `${JSON.stringify({ uid, id: number, ...makeMessage(number) }, null, 2)}\n`
  const data = (content: string) => `data ${Buffer.byteLength(content)}\n${content}\n`
  const identity = `gitmsg <gitmsg@gitmsg.invalid> ${Math.floor(Date.now() / 1000)} +0000\n`
  const parent = number === 1 ? '' : 'from refs/heads/main^0\n'
  const change = `M 100644 inline ${messagePath(number, uid)}\n${data(file)}`
  return `commit refs/heads/main\nauthor ${identity}committer ${identity}${data(text)}${parent}${change}`
}
