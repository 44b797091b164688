import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AS_ROOT, inReadOnlyLayer, runAsRoot } from './as-root.js'
import type { BuiltImage } from './build-image.js'

/** How to run something in an image. */
export interface ContainerOptions {
  /** The folder that is mounted as the image's volume. */
  readonly data: string
  readonly settings?: Readonly<Record<string, string>>
  /** Default: the image's. */
  readonly entrypoint?: readonly string[]
}

/** A running container. */
export interface Container {
  output(): string
  /** The names of ended processes that nothing has removed. */
  zombies(): string[]
  /** Sends a signal to process 1, if it has not ended; resolves with the exit code. */
  stop(signal: string): Promise<number | null>
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>
}

/** Makes a folder with the content and the owner of the image's volume, as an engine does for a new volume. */
export function makeVolume({ layer, config }: BuiltImage, folder: string): string {
  runAsRoot('cp', '-a', join(layer, 'upper', config.volume), folder)
  return folder
}

/**
 * The words that run a program as the image's user, with its environment and no capabilities, as process 1 of its
 * own process namespace, on a read-only root.
 */
function wordsFor(
  { layer, config }: BuiltImage,
  options: ContainerOptions,
  words: readonly string[],
): string[] {
  const [user, group] = config.user.split(':')
  const path = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`
  const settings = { PATH: path, ...config.env, ...options.settings }
  const privileges = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
  return inReadOnlyLayer(layer, { folder: options.data, at: config.volume }, [
    ...['setpriv', `--reuid=${user}`, `--regid=${group}`, ...privileges],
    ...['env', '--ignore-environment', `--chdir=${config.volume}`],
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...words,
  ])
}

/** Starts the image's command. */
export function startContainer(image: BuiltImage, options: ContainerOptions): Container {
  const { entrypoint = image.config.entrypoint } = options
  const [program = '', ...words] = [
    ...AS_ROOT,
    ...wordsFor(image, options, [...entrypoint, ...image.config.command]),
  ]
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const processOne = () => {
    const found = readProcesses().find(
      ({ isFirst, ancestors }) => isFirst && ancestors.includes(child.pid ?? 0),
    )
    if (!found) throw new Error(`no process 1 was found:\n${output}`)
    return found.id
  }
  return {
    output: () => output,
    zombies() {
      const first = processOne()
      return readProcesses().flatMap(({ ancestors, state, name }) =>
        ancestors.includes(first) && state === 'Z' ? [name] : [],
      )
    },
    stop(signal) {
      if (child.exitCode === null && child.signalCode === null)
        runAsRoot('kill', '-s', signal, String(processOne()))
      return exit
    },
    exit,
  }
}

/** Runs words after the image's entrypoint, or after another one, to their end. */
export function runInContainer(image: BuiltImage, options: ContainerOptions, words: readonly string[]) {
  const { entrypoint = image.config.entrypoint } = options
  const [program = '', ...rest] = [...AS_ROOT, ...wordsFor(image, options, [...entrypoint, ...words])]
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

/** Every process of this machine, with the ids of its parents. */
function readProcesses() {
  const statuses = readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    const text = readStatus(entry)
    const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(text)?.[1] ?? ''
    const [state = ''] = field('State')
    const isFirst = /^\d+\s+1$/.test(field('NSpid'))
    return [{ id: Number(entry), parent: Number(field('PPid')), name: field('Name'), state, isFirst }]
  })
  const parents = new Map(statuses.map(({ id, parent }) => [id, parent]))
  const ancestorsOf = (id: number): number[] => {
    const parent = parents.get(id)
    return parent ? [parent, ...ancestorsOf(parent)] : []
  }
  return statuses.map((status) => ({ ...status, ancestors: ancestorsOf(status.id) }))
}

/** The status of a process, or nothing if it is gone meanwhile. */
function readStatus(id: string): string {
  try {
    return readFileSync(join('/proc', id, 'status'), 'utf8')
  } catch {
    return ''
  }
}
