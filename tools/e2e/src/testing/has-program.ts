import { spawnSync } from 'node:child_process'

/** Whether a program is installed. Without it, under CI it throws; elsewhere it prints that its tests are skipped. */
export function hasProgram(program: string): boolean {
  if (spawnSync('sh', ['-c', `command -v ${program}`]).status === 0) return true
  const missing = `${program} is not installed`
  if (process.env.CI === 'true') throw new Error(missing)
  process.stderr.write(`\n*** ${missing}: ITS TESTS ARE SKIPPED. ***\n\n`)
  return false
}
