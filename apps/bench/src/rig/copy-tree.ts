import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Copies a folder. Git's objects, which are never changed in place, are linked: that costs the same at any size. */
export async function copyTree(from: string, to: string, transfer = copyOne): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, entry.name === 'objects' ? link : transfer)
    else await transfer(source, target)
  }
}

const copyOne = (from: string, to: string): Promise<void> => copyFile(from, to, constants.COPYFILE_FICLONE)
