import { basename, dirname, join } from 'node:path'
import type { FileReader } from './read-secret-files.js'

/** Where a path leads, through symbolic links; its end need not exist yet. */
export function realPath(path: string, files: FileReader): string {
  if (files.existsSync(path)) return files.realpathSync(path)
  const parent = dirname(path)
  return parent === path ? path : join(realPath(parent, files), basename(path))
}
