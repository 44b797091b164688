import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onCleanup } from './cleanup.js'
import { isInstalled, run } from './shell.js'

/** Why nothing can be mounted on this machine; `null` if it can. */
export function mountObstacle(): string | null {
  if (process.platform !== 'linux') return 'file systems are mounted on Linux only'
  if (process.getuid?.() !== 0) return 'only root may mount'
  if (!isInstalled('losetup') || !isInstalled('mkfs.ext4')) return 'losetup or mkfs.ext4 is not installed'
  try {
    mountMemory(makeMountPoint(), '64k').unmount()
    return null
  } catch {
    return 'mounting is not permitted'
  }
}

/** Makes a folder at which file systems can be mounted one after the other. */
export function makeMountPoint(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-mount-'))
  // Not recursively: a file system that is still mounted there must not be emptied.
  onCleanup(() => rmdirSync(folder))
  return folder
}

/** Mounts a file system in memory of a given size, e.g. `4m`. */
export function mountMemory(folder: string, size: string): { grow(size: string): void; unmount(): void } {
  return {
    unmount: mount(folder, '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs'),
    grow: (larger) => void run('mount', '-o', `remount,size=${larger}`, folder),
  }
}

/** Makes a disk image: a file with an empty ext4. */
export function makeImage(path: string, mebibytes: number): void {
  run('truncate', '--size', `${mebibytes}M`, path)
  run('mkfs.ext4', '-q', '-F', path)
}

/**
 * Mounts the ext4 of an image through a block device. Its journal is replayed, as after a power cut.
 *
 * @returns unmounts it
 */
export function mountImage(image: string, folder: string): () => void {
  const device = run('losetup', '--find', '--show', image).trim()
  const detach = onCleanup(() => void run('losetup', '--detach', device))
  const unmount = mount(folder, '-t', 'ext4', device)
  return () => {
    unmount()
    detach()
  }
}

function mount(folder: string, ...options: string[]): () => void {
  run('mount', ...options, folder)
  // Lazily, so that a process that does not exit cannot keep the mount.
  return onCleanup(() => void run('umount', '--lazy', folder))
}
