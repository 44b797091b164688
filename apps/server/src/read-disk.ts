import { stat, statfs } from 'node:fs/promises'

/** What is free to us on the disk that a folder is on, and how large it is, in bytes. */
export async function readDisk(folder: string): Promise<{ free: number; size: number }> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, size: blocks * bsize }
}

/** How many bytes a file has; 0 where there is none. */
export async function readSize(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size
}
