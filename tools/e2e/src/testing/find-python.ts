import { spawnSync } from 'node:child_process'

/**
 * Whether there is a `python3`. Without one what needs it is skipped, and this says so; under CI that is an error.
 */
export function hasPython(): boolean {
  if (spawnSync('python3', ['--version']).status === 0) return true
  const missing = 'No python3 was found.'
  if (process.env.CI === 'true') throw new Error(missing)
  process.stderr.write(`\n*** ${missing} THE GUIDE FOR PYTHON IS NOT TRIED. ***\n\n`)
  return false
}
