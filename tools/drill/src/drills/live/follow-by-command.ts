import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { MessageDetails } from '@gitmsg/client'
import { onCleanup } from '../../rig/cleanup.js'
import { SERVER_MAIN } from '../../rig/server.js'
import { createLedger, type Follower, type FollowOptions } from './follower.js'

/** A line has the place to go on at, the end of its frame, instead of the position of its message. */
type Line = Omit<MessageDetails, 'position'> & { readonly position: string }

const RESTART_MS = 500

/**
 * Follows with `gitmsg follow --json`, which prints a message again at each change. It needs the server when it starts:
 * if it ends, it is started again at the last place that it printed, as a service manager and a script would.
 */
export function followByCommand({ url, start }: FollowOptions): Follower {
  const ledger = createLedger({ comparesPositions: false })
  let since = `${start.epoch}:${start.position}`
  let isStopped = false
  let child = run()

  function run() {
    const options = ['--json', '--commits', '--since', since, '--url', url]
    const started = spawn(process.execPath, [SERVER_MAIN, 'follow', ...options], {
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const forget = onCleanup(() => started.kill('SIGKILL'))
    createInterface({ input: started.stdout }).on('line', (text) => read(JSON.parse(text)))
    started.once('close', () => {
      forget()
      if (!isStopped) setTimeout(runAgain, RESTART_MS)
    })
    return started
  }

  function runAgain(): void {
    if (!isStopped) child = run()
  }

  function read(line: Line): void {
    since = line.position
    ledger.add({ ...line, position: Number(line.position.split(':')[1]) })
  }

  return {
    ledger,
    stop() {
      isStopped = true
      child.kill('SIGKILL')
    },
  }
}
