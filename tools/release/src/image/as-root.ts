import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs a program as root: a command line begins with these words. */
export const AS_ROOT: readonly string[] =
  process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive', 'env', `PATH=${process.env.PATH}`]

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** Runs a command as root, and returns what it printed; throws its output if it fails. */
export function runAsRoot(...words: readonly string[]): string {
  const [program = '', ...rest] = [...AS_ROOT, ...words]
  const options = { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES } as const
  const { status, stdout, stderr, error } = spawnSync(program, rest, options)
  if (status === 0) return stdout
  throw new Error(`${words.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
}

/**
 * A layer of files over those of this machine, as a container engine keeps them over a base image.
 *
 * - `upper`: the files that differ
 * - `work`: what the kernel needs
 * - `root`: where both are mounted together
 */
export function makeLayer(folder: string): string {
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(folder, name), { recursive: true })
  return folder
}

const ISOLATED = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child']
const MOUNT_SYSTEM = 'mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"'

/** The words of a command that runs in a layer, as root, and changes it. */
export function inLayer(layer: string, words: readonly string[]): string[] {
  const script = `root="$1/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$root"
    ${MOUNT_SYSTEM}; shift; exec chroot "$root" "$@"`
  return [...ISOLATED, 'sh', '-ec', script, 'sh', layer, ...words]
}

/** The words of a command in a layer that cannot change: only a mounted folder, and `/tmp`, are writable. */
export function inReadOnlyLayer(
  layer: string,
  { folder, at }: { folder: string; at: string },
  words: readonly string[],
): string[] {
  const script = `root="$1/root"
    mount -t overlay overlay -o "ro,lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$root"
    mount -t tmpfs tmpfs "$root/tmp"; mount --bind "$2" "$root$3"
    ${MOUNT_SYSTEM}; shift 3; exec chroot "$root" "$@"`
  return [...ISOLATED, 'sh', '-ec', script, 'sh', layer, folder, at, ...words]
}

/** Why no layers can be used on this machine; `null` if they can. */
export function layerObstacle(): string | null {
  if (process.platform !== 'linux') return 'layers need Linux'
  const layer = makeLayer(mkdtempSync(join(tmpdir(), 'gitmsg-layer-')))
  try {
    runAsRoot(...inLayer(layer, ['true']))
    return null
  } catch (error) {
    return `root must be able to mount an overlay: ${(error as Error).message}`
  } finally {
    const [program = '', ...words] = [...AS_ROOT, 'rm', '-rf', layer]
    spawnSync(program, words)
  }
}
