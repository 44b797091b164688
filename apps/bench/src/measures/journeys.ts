import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { messagePath } from '@gitmsg/core'
import type { Readings } from '../compare.js'
import { watchBranch } from '../rig/branch-watch.js'
import { runScript } from '../rig/git.js'
import { makeMessage } from '../rig/messages.js'
import { gitmsgWithRemote } from '../rig/services.js'

/** How long a service rests between two messages, in milliseconds. */
const REST = 250
const SCRIPT = `
git -C "$1/repository.git" fast-import --quiet < "$1/stream"
git -C "$1/repository.git" push --quiet "$1/remote.git" main`

/** One way from a message to the remote, on a copy of a fixture of its own. */
export interface Journey {
  /** Sends one message and waits until the remote's branch has its commit. */
  run(): Promise<Readings>
  /** Throws unless the remote has exactly one commit more for each message. */
  close(): Promise<void>
}

/** From the moment of the 201 until the commit is in the remote. */
export async function openGitmsgJourney(folder: string): Promise<Journey> {
  const branch = await watchBranch(join(folder, 'remote.git'))
  const server = await gitmsgWithRemote.start(folder)
  await pause(4 * REST)
  return {
    async run() {
      const body = JSON.stringify(makeMessage(branch.moves))
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${server.url}messages`, { method: 'POST', headers, body })
      const began = performance.now()
      if (response.status !== 201) throw new Error(`A post was answered with ${response.status}`)
      const milliseconds = (await branch.moved()) - began
      await pause(REST)
      return { ms: milliseconds }
    },
    async close() {
      await server.stop()
      await branch.assertOneCommitEach()
    },
  }
}

/** From the start of a script, which writes one commit like gitmsg's and pushes it, until it is in the remote. */
export async function openScriptJourney(folder: string, size: number): Promise<Journey> {
  const branch = await watchBranch(join(folder, 'remote.git'))
  return {
    async run() {
      const number = size + branch.moves + 1
      await writeFile(join(folder, 'stream'), commitStream(number))
      const began = performance.now()
      const script = runScript(SCRIPT, [folder])
      const milliseconds = (await branch.moved()) - began
      await script
      await pause(REST)
      return { ms: milliseconds }
    },
    close: branch.assertOneCommitEach,
  }
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
