import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onCleanup } from './cleanup.js'
import { isInstalled, run } from './shell.js'

/** Why nothing can be mounted here; `null` where it can. */
export function mountObstacle(): string | null {
  if (process.platform !== 'linux') return 'file systems of its own are made on Linux only'
  if (process.getuid?.() !== 0) return 'only root may mount'
  if (!isInstalled('losetup') || !isInstalled('mkfs.ext4')) return 'losetup or mkfs.ext4 is not installed'
  try {
    mountMemory(makeMountPoint(), '64k').unmount()
    return null
  } catch {
    return 'mounting is not permitted'
  }
}

/** A folder to mount one file system after the other at; everything below keeps its path. */
export function makeMountPoint(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-mount-'))
  // Never recursively: if something is still mounted there, it is not ours to empty.
  onCleanup(() => rmdirSync(folder))
  return folder
}

/** Mounts a file system in memory that holds so much, e.g. `4m`. */
export function mountMemory(folder: string, size: string): { grow(size: string): void; unmount(): void } {
  return {
    unmount: mount(folder, '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs'),
    grow: (larger) => void run('mount', '-o', `remount,size=${larger}`, folder),
  }
}

/** Makes a file with an empty ext4 in it, as large as a small disk. */
export function makeImage(path: string, mebibytes: number): void {
  run('truncate', '--size', `${mebibytes}M`, path)
  run('mkfs.ext4', '-q', '-F', path)
}

/**
 * Mounts the ext4 of an image through a block device; its journal is played back, as after a power cut.
 *
 * @returns undoes it
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

function mount(folder: string, ...how: string[]): () => void {
  run('mount', ...how, folder)
  // Lazily, so that a process that will not die cannot keep the mount.
  return onCleanup(() => void run('umount', '--lazy', folder))
}
