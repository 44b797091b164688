import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './root.js'
import { SERVER_MAIN } from './run-server.js'

const execute = promisify(execFile)

const FOLDER = join(ROOT, 'docs/guides')

/** A fenced block of a guide. */
export interface CodeBlock {
  /** The heading above it. */
  readonly section: string
  /** E.g. `sh`. */
  readonly language: string
  /** The file that it is, or is a part of: what follows the language. */
  readonly file: string
  readonly text: string
}

export const guideNames = (): string[] => readdirSync(FOLDER)

/** All blocks of a guide, in order. */
export function readGuide(name: string): CodeBlock[] {
  const sections = readFileSync(join(FOLDER, name), 'utf8').split(/^## /m)
  return sections.flatMap((text) => {
    const [section = ''] = text.split('\n', 1)
    const fences = text.matchAll(/^```(\S*) ?(.*)\n((?:.*\n)*?)```$/gm)
    return [...fences].map(([, language = '', file = '', text = '']) => ({ section, language, file, text }))
  })
}

/**
 * Does in a folder what blocks say: first writes those that are a file, then runs those in `sh`, all of them in one
 * shell, where `gitmsg` is the built server. Answers the blocks again, each `text` with what the command before it
 * really printed. Rejects where a command fails, or where there is a block that it cannot follow.
 */
export async function follow(
  blocks: readonly CodeBlock[],
  { folder, environment = {} }: { folder: string; environment?: Record<string, string> },
): Promise<CodeBlock[]> {
  for (const { language, file, text } of blocks) {
    if (file !== '') await writeFile(join(folder, file), text)
    else if (language !== 'sh' && language !== 'text') throw new Error(`This cannot be followed:\n${text}`)
  }
  const commands = blocks.filter(({ language }) => language === 'sh')
  const script = commands.map(({ text }) => `${text}printf '\\0'\n`).join('')
  const gitmsg = `gitmsg() { '${process.execPath}' '${SERVER_MAIN}' "$@"; }\n`
  const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...environment }
  const { stdout } = await execute('bash', ['-euc', gitmsg + script], { cwd: folder, env })
  const printed = stdout.split('\0')
  return blocks.map((block, index) => {
    const command = commands.indexOf(blocks[index - 1] as CodeBlock)
    return block.language === 'text' ? { ...block, text: printed[command] ?? 'no command' } : block
  })
}
