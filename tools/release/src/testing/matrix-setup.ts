import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packNextRelease } from '../release-copy.js'
import { openLocalRegistry } from './local-registry.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of a registry that has what the next release would publish. */
    readonly registry: string
    /** A folder for the runtimes and the projects of strangers. */
    readonly strangers: string
  }
}

/** Packs what the next release would publish, and serves it from a registry. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-matrix-'))
  const registry = await openLocalRegistry(await packNextRelease(join(folder, 'tarballs')))
  provide('registry', registry.url)
  provide('strangers', folder)
  return async () => {
    registry[Symbol.dispose]()
    await rm(folder, { recursive: true, force: true })
  }
}
