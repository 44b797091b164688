import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleGit } from 'simple-git'
import type { Readings } from '../compare.js'
import { git } from '../rig/git.js'
import { makeMessage } from '../rig/messages.js'
import { SYNC_METRIC } from './sync-contenders.js'

/** The naive way takes a large part of a second for each message. */
const COUNT = 12

/** A work tree of a fixture's repository, for the naive way. */
export async function checkOut(repository: string, folder: string): Promise<void> {
  await git('.', 'clone', '--quiet', repository, folder)
  await git(folder, 'config', 'user.name', 'bench')
  await git(folder, 'config', 'user.email', 'bench@gitmsg.invalid')
}

/** What a first version would do: write the file, `git add`, `git commit` and, where that is wanted, `git push`. */
export async function commitEach(folder: string, { push }: { push: boolean }): Promise<Readings> {
  const repository = simpleGit(folder)
  const before = await countCommits(folder)
  const began = performance.now()
  for (let number = 0; number < COUNT; number += 1) {
    const file = `messages/${before}-${number}.json`
    await writeFile(join(folder, file), JSON.stringify(makeMessage(number), null, 2))
    await repository.add(file)
    await repository.commit(`Message ${number} from alice`)
    if (push) await repository.push('origin', 'main')
  }
  const seconds = (performance.now() - began) / 1000
  const commits = (await countCommits(folder)) - before
  if (commits !== COUNT) throw new Error(`${commits} of ${COUNT} messages were committed`)
  return { [SYNC_METRIC]: COUNT / seconds }
}

const countCommits = async (folder: string): Promise<number> =>
  Number(await git(folder, 'rev-list', '--count', 'HEAD'))
