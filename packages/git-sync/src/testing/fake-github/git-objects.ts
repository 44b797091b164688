import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { deflateSync } from 'node:zlib'
import { type ByteReader, createByteReader } from '../../local/history/byte-reader.js'

const run = promisify(execFile)
const LINE_END = 0x0a

/** An object of a repository. */
interface GitObject {
  readonly type: string
  readonly content: Buffer
}

/** The objects and references of a bare repository, read and written fast enough to stand in for a server. */
export interface GitObjects {
  /** Runs git and returns its output. Rejects if it fails. */
  git(...args: string[]): Promise<string>
  write(type: 'blob' | 'tree' | 'commit', content: Buffer): Promise<string>
  /** The object of that name; `null` if there is none. */
  read(name: string): Promise<GitObject | null>
  /** The length of an object's content. */
  size(name: string): Promise<number>
  close(): void
}

/** Opens a repository, with one git process that reads until it is closed. */
export function openGitObjects(directory: string): GitObjects {
  let reader: { child: ChildProcess; bytes: ByteReader } | null = null
  const sizes = new Map<string, number>()
  let turn: Promise<unknown> = Promise.resolve()

  const read = (name: string): Promise<GitObject | null> => {
    const reading = turn.then(() => readNext(name))
    turn = reading.catch(() => {})
    return reading
  }

  const readNext = async (name: string): Promise<GitObject | null> => {
    reader ??= startReader(directory)
    reader.child.stdin?.write(`${name}\n`)
    const header = String(await reader.bytes.until(LINE_END))
    const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? []
    if (type === undefined) return null
    const content = await reader.bytes.take(Number(size))
    await reader.bytes.skip(1)
    return { type, content }
  }

  return {
    git: async (...args) =>
      (await run('git', ['-C', directory, ...args], { maxBuffer: 512 * 1024 * 1024 })).stdout,

    async write(type, content) {
      const object = Buffer.concat([Buffer.from(`${type} ${content.byteLength}\0`), content])
      const name = createHash('sha1').update(object).digest('hex')
      if (sizes.has(name)) return name
      const path = join(directory, 'objects', name.slice(0, 2), name.slice(2))
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID()}`
      await writeFile(temporary, deflateSync(object), { mode: 0o444 })
      await rename(temporary, path)
      sizes.set(name, content.byteLength)
      return name
    },

    read,

    async size(name) {
      const size = sizes.get(name) ?? (await read(name))?.content.byteLength ?? 0
      sizes.set(name, size)
      return size
    },

    close() {
      reader?.child.kill()
    },
  }
}

function startReader(directory: string) {
  const child = spawn('git', ['-C', directory, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.on('error', () => {})
  return { child, bytes: createByteReader(child.stdout) }
}
