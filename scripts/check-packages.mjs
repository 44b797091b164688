// Packs each published package as it would be published, and lets publint and are-the-types-wrong judge it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Node.js has known `exports` since version 12, so TypeScript's older `node10` resolution is not promised.
const folder = mkdtempSync(join(tmpdir(), 'gitmsg-packages-'))
const run = (...command) => execFileSync('pnpm', command, { stdio: ['ignore', 'ignore', 'inherit'] })
const show = (...command) => execFileSync('pnpm', command, { stdio: ['ignore', 'inherit', 'inherit'] })

try {
  for (const name of readdirSync('packages'))
    run('--dir', join('packages', name), 'pack', '--pack-destination', folder)
  for (const tarball of readdirSync(folder)) {
    show('exec', 'publint', '--strict', join(folder, tarball))
    show('exec', 'attw', '--profile', 'node16', '--quiet', join(folder, tarball))
  }
} catch {
  process.exitCode = 1 // the tool has said what is wrong
} finally {
  rmSync(folder, { recursive: true })
}
