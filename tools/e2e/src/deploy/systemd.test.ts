import { spawnSync } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployPath, readDeployFile } from '../testing/deploy/deploy-files.js'
import { hasProgram } from '../testing/has-program.js'
import { openWorkspace } from '../testing/workspace.js'

const canAnalyze = hasProgram('systemd-analyze')
/** In tenths, as `--threshold` takes it: an exposure of 2. */
const MAX_EXPOSURE = '20'

function run(program: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe.skipIf(!canAnalyze)('the systemd unit', () => {
  it('is valid', async () => {
    await using workspace = await openWorkspace()
    const unit = join(workspace.path, 'gitmsg.service')
    const text = readDeployFile('gitmsg.service')
    expect(text).toContain('\nExecStart=gitmsg serve\n')
    writeFileSync(unit, text.replace('ExecStart=gitmsg', `ExecStart=${process.execPath}`))
    expect(run('systemd-analyze', 'verify', unit)).toEqual({ status: 0, output: '' })
  })

  it('has an exposure below 2', () => {
    const options = ['--offline=yes', '--no-pager', `--threshold=${MAX_EXPOSURE}`]
    const { status, output } = run('systemd-analyze', 'security', ...options, deployPath('gitmsg.service'))
    expect(status, output).toBe(0)
    expect(output).toMatch(/Overall exposure level for gitmsg\.service: [01]\.\d/)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'finds its user and folder after systemd-sysusers and systemd-tmpfiles',
    async () => {
      await using workspace = await openWorkspace()
      mkdirSync(join(workspace.path, 'etc'))
      const root = `--root=${workspace.path}`
      expect(run('systemd-sysusers', root, deployPath('gitmsg.sysusers.conf')).status).toBe(0)
      expect(run('systemd-tmpfiles', '--create', root, deployPath('gitmsg.tmpfiles.conf')).status).toBe(0)
      const folder = statSync(join(workspace.path, 'var/lib/gitmsg'))
      expect([folder.mode & 0o777, folder.uid === 0]).toEqual([0o700, false])
    },
  )
})
