import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ROOT } from '../published-packages.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the API reference is generated. */
    readonly referenceFolder: string
  }
}

/** With `--update`, as `npm run api` runs it, the reference goes to docs/api; otherwise to a temporary folder. */
export default function setUp({ config, provide }: TestProject): () => void {
  if (config.snapshotOptions.updateSnapshot === 'all') {
    provide('referenceFolder', join(ROOT, 'docs/api'))
    return () => {}
  }
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-reference-'))
  provide('referenceFolder', folder)
  return () => rmSync(folder, { recursive: true })
}
