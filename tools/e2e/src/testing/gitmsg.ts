import { spawnSync } from 'node:child_process'
import { SERVER_MAIN, serverEnvironment } from './run-server.js'

/** Runs a command of the built server and returns its output and exit code. */
export function gitmsg(cwd: string, args: readonly string[], settings: Record<string, string> = {}) {
  const env = serverEnvironment(settings)
  return spawnSync(process.execPath, [SERVER_MAIN, ...args], { cwd, env, encoding: 'utf8' })
}
