import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GITMSG_FUNCTION } from '../gitmsg.js'
import { ROOT } from '../root.js'

const execute = promisify(execFile)

const FOLDER = join(ROOT, 'docs/guides')

/** A fenced block of a guide. */
export interface CodeBlock {
  /** The heading above the block. */
  readonly section: string
  /** E.g. `sh`. */
  readonly language: string
  /** The file that the block shows completely or in part: the text after the language. */
  readonly file: string
  readonly text: string
}

/** The file names of all guides. */
export const guideNames = (): string[] => readdirSync(FOLDER)

/** All fenced blocks of a guide, in order. */
export function readGuide(name: string): CodeBlock[] {
  const sections = readFileSync(join(FOLDER, name), 'utf8').split(/^## /m)
  return sections.flatMap((text) => {
    const [section = ''] = text.split('\n', 1)
    const fences = text.matchAll(/^```(\S*) ?(.*)\n((?:.*\n)*?)```$/gm)
    return [...fences].map(([, language = '', file = '', text = '']) => ({ section, language, file, text }))
  })
}

/**
 * Follows a guide in a folder: writes the blocks that are files, then runs the `sh` blocks in one shell in which
 * `gitmsg` is the built server. Rejects if a command fails or a block is neither.
 *
 * @returns the same blocks, each `text` block with the real output of the command before it
 */
export async function follow(
  blocks: readonly CodeBlock[],
  { folder, environment = {} }: { folder: string; environment?: Record<string, string> },
): Promise<CodeBlock[]> {
  for (const { language, file, text } of blocks) {
    if (file !== '') await writeFile(join(folder, file), text)
    else if (language !== 'sh' && language !== 'text')
      throw new Error(`This block is neither a file, a command nor its output:\n${text}`)
  }
  const commands = blocks.filter(({ language }) => language === 'sh')
  const script = commands.map(({ text }) => `${text}printf '\\0'\n`).join('')
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...environment }
  const { stdout } = await execute('bash', ['-euc', GITMSG_FUNCTION + script], { cwd: folder, env })
  const printed = stdout.split('\0')
  return blocks.map((block, index) => {
    const command = commands.indexOf(blocks[index - 1] as CodeBlock)
    return block.language === 'text' ? { ...block, text: printed[command] ?? 'no command' } : block
  })
}
