import type { Readings } from '../compare.js'
import { runProgram } from '../rig/programs.js'
import { inTemporaryFolder } from '../rig/temporary-folder.js'

/** What posts through one layer measured, on the average: what is overlapped counts once. */
export interface LayerRun {
  readonly microseconds: number
}

/** What of gitmsg is left: all but HTTP; the store alone; nothing but SQLite. */
export type Layer = 'core' | 'store' | 'sqlite'

/** Microseconds for each durable post through a layer, so many at once. */
export const measureLayer = (
  layer: Layer,
  { atOnce, seconds }: { atOnce: number; seconds: number },
): Promise<Readings> =>
  inTemporaryFolder(async (folder) => {
    const run = await runProgram<LayerRun>('post-layer', folder, layer, String(atOnce), String(seconds))
    return { 'µs a post': run.microseconds }
  })
