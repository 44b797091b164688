import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { messagePath } from '@gitmsg/core'
import type { Readings } from '../compare.js'
import { type BranchWatch, watchBranch } from '../rig/branch-watch.js'
import { onCopy } from '../rig/folders.js'
import { runScript } from '../rig/git.js'
import { makeMessage } from '../rig/messages.js'
import { gitmsgWithRemote } from '../rig/services.js'

const MESSAGES = 7
/** How long everybody rests between two messages, and before the first one, in milliseconds. */
const REST = 250
const SETTLING = 1_000
const SCRIPT = `
git -C "$1/repository.git" fast-import --quiet < "$1/stream"
git -C "$1/repository.git" push --quiet "$1/remote.git" main`

export interface JourneyOptions {
  /** The messages that are there already, so many. */
  readonly fixture: string
  readonly size: number
}

/** From the moment of the 201 until the commit is in the remote: the median of some messages, in milliseconds. */
export function measureJourneys({ fixture }: JourneyOptions): Promise<Readings> {
  return onCopy(fixture, 'gitmsg', async (folder) => {
    const branch = await watchBranch(join(folder, 'remote.git'))
    const server = await gitmsgWithRemote.start(folder)
    try {
      await pause(SETTLING)
      return await sendEach(branch, async (number) => {
        const body = JSON.stringify(makeMessage(number))
        const headers = { 'content-type': 'application/json' }
        const response = await fetch(`${server.url}messages`, { method: 'POST', headers, body })
        const began = performance.now()
        if (response.status !== 201) throw new Error(`A post was answered with ${response.status}`)
        return { began, ended: Promise.resolve() }
      })
    } finally {
      await server.stop()
    }
  })
}

/** From the start of a script, which writes one commit like gitmsg's and pushes it, until it is in the remote. */
export function measureScripts({ fixture, size }: JourneyOptions): Promise<Readings> {
  return onCopy(fixture, 'repositories', async (folder) => {
    const branch = await watchBranch(join(folder, 'remote.git'))
    return sendEach(branch, async (number) => {
      await writeFile(join(folder, 'stream'), commitStream(size + number))
      return { began: performance.now(), ended: runScript(SCRIPT, [folder]) }
    })
  })
}

/** Sends messages one at a time, with a rest between them. */
async function sendEach(
  branch: BranchWatch,
  send: (number: number) => Promise<{ began: number; ended: Promise<unknown> }>,
): Promise<Readings> {
  const times: number[] = []
  for (let number = 1; number <= MESSAGES; number += 1) {
    const { began, ended } = await send(number)
    times.push((await branch.moved()) - began)
    await ended
    await pause(REST)
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
