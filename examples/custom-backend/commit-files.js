import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GitSyncError } from '@gitmsg/git-sync'

/** The commits in a file, one a line; `null` if there is no such file. */
export async function readCommits(file) {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw new GitSyncError('unavailable', 'cannot read the folder', { cause: error })
  })
  try {
    return text?.trimEnd().split('\n').map(decode) ?? null
  } catch (error) {
    throw new GitSyncError('corrupt', `${file} is damaged`, { cause: error })
  }
}

/** Creates a file of these commits, complete and on the disk. Returns false, and does nothing, if it exists. */
export async function createFile(file, commits) {
  const temporary = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(temporary, commits.map(encode).join(''), { flush: true })
    await link(temporary, file) // the compare-and-swap: fails if another writer has taken the name
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new GitSyncError('unavailable', 'cannot write the folder', { cause: error })
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(file))
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

function encode({ files, ...commit }) {
  const inBase64 = files.map(({ path, content }) => ({
    path,
    content: content && Buffer.from(content).toString('base64'),
  }))
  return `${JSON.stringify({ ...commit, files: inBase64 })}\n`
}

function decode(line) {
  const { authorDate, committerDate, files, ...commit } = JSON.parse(line)
  return {
    ...commit,
    authorDate: new Date(authorDate),
    committerDate: new Date(committerDate),
    files: files.map(({ path, content }) => ({
      path,
      content: content === null ? null : Buffer.from(content, 'base64'),
    })),
  }
}
