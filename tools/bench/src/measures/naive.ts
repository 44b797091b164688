import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simpleGit } from 'simple-git'
import { makeMessage } from '../data/messages.js'
import type { Readings } from '../report/compare.js'
import { git } from '../rig/git.js'
import { SYNC_METRIC } from './sync-contenders.js'

/** Few, because each takes a large part of a second. */
const MESSAGES = 12

/** Checks out a repository into a work tree in which {@link commitEach} can run. */
export async function checkOut(repository: string, folder: string): Promise<void> {
  await git('.', 'clone', '--quiet', repository, folder)
  await git(folder, 'config', 'user.name', 'bench')
  await git(folder, 'config', 'user.email', 'bench@gitmsg.invalid')
}

/**
 * What a first version would do for each message: write the file, `git add`, `git commit` and, if `push`, `git
 * push`.
 */
export async function commitEach(folder: string, { push }: { push: boolean }): Promise<Readings> {
  const repository = simpleGit(folder)
  const before = await countCommits(folder)
  const startedAt = performance.now()
  for (let number = 0; number < MESSAGES; number += 1) {
    const file = `messages/${before}-${number}.json`
    await writeFile(join(folder, file), JSON.stringify(makeMessage(number), null, 2))
    await repository.add(file)
    await repository.commit(`Message ${number} from alice`)
    if (push) await repository.push('origin', 'main')
  }
  const seconds = (performance.now() - startedAt) / 1000
  const commits = (await countCommits(folder)) - before
  if (commits !== MESSAGES) throw new Error(`${commits} of ${MESSAGES} messages were committed`)
  return { [SYNC_METRIC]: MESSAGES / seconds }
}

const countCommits = async (folder: string): Promise<number> =>
  Number(await git(folder, 'rev-list', '--count', 'HEAD'))
