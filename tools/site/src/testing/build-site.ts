import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const FOLDER = fileURLToPath(new URL('../..', import.meta.url))

/** The built site. */
export const DIST = join(FOLDER, 'dist')

/** Builds the site. A link to a page or a file that does not exist fails it. */
export default async function setUp(): Promise<void> {
  const vitepress = dirname(createRequire(import.meta.url).resolve('vitepress/package.json'))
  await promisify(execFile)('node', [join(vitepress, 'bin/vitepress.js'), 'build'], { cwd: FOLDER })
}
