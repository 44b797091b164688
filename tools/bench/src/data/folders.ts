import { constants, rmSync } from 'node:fs'
import { copyFile, link, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Which part of a fixture a run needs: gitmsg's data folder with its remote, its database alone, the reference's
 * database, or the repositories.
 */
export type Needs = 'gitmsg' | 'database' | 'bare server' | 'repositories'

const NEEDED: Readonly<Record<Needs, (name: string) => boolean>> = {
  gitmsg: (name) => name !== 'bare.db',
  database: (name) => name === 'gitmsg.db',
  'bare server': (name) => name === 'bare.db',
  repositories: (name) => name.endsWith('.git'),
}

/** Calls `work` with a new folder and removes the folder afterwards. */
export async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'gitmsg-bench-'))
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeAtExit)
  try {
    return await work(folder)
  } finally {
    process.off('exit', removeAtExit)
    // A git process whose server was killed may still be writing: retry until it has ended.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** Calls `work` with a copy of a fixture and removes the copy afterwards. */
export const onCopy = <Result>(
  fixture: string,
  needs: Needs,
  work: (folder: string) => Promise<Result>,
): Promise<Result> =>
  inTemporaryFolder(async (folder) => {
    await copyFixture(fixture, folder, needs)
    return work(folder)
  })

/** Copies the needed part of a fixture. */
export async function copyFixture(from: string, to: string, needs: Needs): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of (await readdir(from)).filter(NEEDED[needs])) {
    const [source, target] = [join(from, name), join(to, name)]
    if (name.endsWith('.git')) await copyTree(source, target)
    else if (name.endsWith('.db')) await copyDatabase(source, target)
  }
}

/** Copies a repository. Git never changes objects in place, so they are linked, which costs the same at any size. */
export async function copyTree(from: string, to: string, transfer = copyFile): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, entry.name === 'objects' ? link : transfer)
    else await transfer(source, target)
  }
}

/** Copies a database and syncs it to the disk, so that the measured run does not pay for it. */
async function copyDatabase(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  const file = await open(to, 'r+')
  await file.sync()
  await file.close()
}
