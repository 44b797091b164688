import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GitSyncError } from '@gitmsg/git-sync'

/** The values in a file, one a line; `null` where there is no such file. */
export async function readLines(file) {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw new GitSyncError('unavailable', 'the folder cannot be read', { cause: error })
  })
  try {
    return (
      text
        ?.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)) ?? null
    )
  } catch (error) {
    throw new GitSyncError('corrupt', `${file} is damaged`, { cause: error })
  }
}

/** Makes a file of these values, whole and on the disk; answers false, and does nothing, where it is there. */
export async function writeLines(file, values) {
  const folder = dirname(file)
  const temporary = `${file}.${randomUUID()}`
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, values.map((value) => `${JSON.stringify(value)}\n`).join(''), { flush: true })
    await link(temporary, file)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new GitSyncError('unavailable', 'the folder cannot be written', { cause: error })
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(folder)
  return true
}

async function syncFolder(folder) {
  try {
    const handle = await open(folder)
    await handle.sync().finally(() => handle.close())
  } catch (error) {
    throw new GitSyncError('unknown-outcome', 'the file may not survive a power cut', { cause: error })
  }
}
