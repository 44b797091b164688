import { blobName } from './github-call.js'

const WHOLE_FILE = /^@@ -0,0 \+1(?:,\d+)? @@/

/**
 * The content of a file that a commit added, out of the patch that GitHub shows of it; `null` unless it is
 * exactly the content that goes by the name of `blob`. Saves asking for it.
 *
 * Only of files that end with a line end: what does not may be a symbolic link, which a patch does not tell.
 */
export function contentOfPatch(patch: string, blob: string): Uint8Array | null {
  const [header = '', ...lines] = patch.split('\n')
  if (!WHOLE_FILE.test(header) || !lines.every((line) => line.startsWith('+'))) return null
  const content = Buffer.from(lines.map((line) => `${line.slice(1)}\n`).join(''))
  return blobName(content) === blob ? content : null
}
