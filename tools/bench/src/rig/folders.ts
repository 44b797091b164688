import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inTemporaryFolder } from './temporary-folder.js'

/** What a run needs of a fixture: gitmsg's data folder with its remote, the reference's database, or only the repositories. */
export type Needs = 'gitmsg' | 'bare server' | 'repositories'

const NEEDED: Readonly<Record<Needs, (name: string) => boolean>> = {
  gitmsg: (name) => name !== 'bare.db',
  'bare server': (name) => name === 'bare.db',
  repositories: (name) => name.endsWith('.git'),
}

/** Gives the work a copy of a fixture, and removes it afterwards. */
export const onCopy = <Result>(
  fixture: string,
  needs: Needs,
  work: (folder: string) => Promise<Result>,
): Promise<Result> =>
  inTemporaryFolder(async (folder) => {
    await copyFixture(fixture, folder, needs)
    return work(folder)
  })

/** Copies what is needed of a fixture. */
export async function copyFixture(from: string, to: string, needs: Needs): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of (await readdir(from)).filter(NEEDED[needs])) {
    const [source, target] = [join(from, name), join(to, name)]
    if (name.endsWith('.git')) await copyTree(source, target)
    else if (name.endsWith('.db')) await copyDatabase(source, target)
  }
}

/** Copies a repository. Git's objects, which are never changed in place, are linked: that costs the same at any size. */
export async function copyTree(from: string, to: string, transfer = copyFile): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, entry.name === 'objects' ? link : transfer)
    else await transfer(source, target)
  }
}

/** On the disk before the run begins, which else would pay for it. */
async function copyDatabase(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  const file = await open(to, 'r+')
  await file.sync()
  await file.close()
}
