import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installConsumer } from '../consumer.js'
import { packNextRelease } from '../release-copy.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed packages, with the versions of the next release, or the current ones if no changeset is pending. */
    readonly tarballs: readonly string[]
    /** A folder in which the tarballs are installed. */
    readonly consumer: string
  }
}

/** Packs what the next release would publish and installs it, once for all tests. */
export default async function setUp({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-consumer-'))
  const tarballs = await packNextRelease(join(folder, 'tarballs'))
  const consumer = join(folder, 'consumer')
  await installConsumer(consumer, tarballs)
  provide('tarballs', tarballs)
  provide('consumer', consumer)
  return () => rmSync(folder, { recursive: true })
}
