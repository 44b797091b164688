import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compare } from '../../oracle/compare.js'
import { readVersions } from '../../oracle/versions.js'
import { git } from '../../rig/shell.js'
import type { Drill, DrillContext } from '../drill.js'

const UID = '01890000-0000-7000-8000-000000000001'
const FILE = `messages/00/00/00/${UID}.json`
const AUTHOR = ['-c', 'user.name=drill', '-c', 'user.email=drill@example.invalid']

/** Proves that the oracle of the drill `edits` notices a race's loser: writers that force their pushes lose it. */
export const editsControl: Drill = {
  name: 'edits-control',
  title: 'edits of one file by two clones that force their pushes: at once they must lose some, in turn none',
  async run(context) {
    const { tally } = context
    const lostAtOnce = editRepeatedly(context, 'at once')
    const lostInTurn = editRepeatedly(context, 'in turn')
    if (lostAtOnce === 0) tally.problems.push('The control lost nothing, so the oracle notices nothing.')
    if (lostInTurn > 0) tally.problems.push(`The oracle itself loses versions: ${lostInTurn} in turn.`)
  },
}

/** Returns the number of versions that were pushed and are not on the branch in the end. */
function editRepeatedly({ tally, openSite, scale }: DrillContext, when: 'at once' | 'in turn'): number {
  const { path, repository, history } = openSite()
  const clones = ['one', 'other'].map((name) => join(path, name))
  for (const clone of clones) git(path, 'clone', '--quiet', repository, clone)
  const groups = when === 'at once' ? [clones] : clones.map((clone) => [clone])

  commit(clones[0] as string, 1)
  git(clones[0] as string, 'push', '--quiet', 'origin', 'main')
  let version = 1
  for (let round = 0; round < scale(40, 5); round += 1) {
    for (const group of groups) {
      version += 1
      for (const clone of group) {
        git(clone, 'fetch', '--quiet', 'origin')
        git(clone, 'reset', '--quiet', '--hard', 'origin/main')
      }
      for (const clone of group) commit(clone, version)
      for (const clone of group) git(clone, 'push', '--quiet', '--force', 'origin', 'HEAD:main')
    }
    tally.injected += 1
  }
  const texts = readVersions(repository, join(path, 'clone.git')).versions.flatMap(({ text }) => text ?? [])
  const { lost } = compare(history.read(), texts)
  tally.figures[`${when}: versions lost`] = `${lost} of ${history.acknowledged()}`
  return lost

  function commit(clone: string, version: number): void {
    const key = history.nextKey()
    const content = `${key} an edit`
    history.record('invoke', key, content)
    mkdirSync(dirname(join(clone, FILE)), { recursive: true })
    writeFileSync(join(clone, FILE), `${JSON.stringify({ uid: UID, version, content }, null, 2)}\n`)
    git(clone, 'add', '.')
    git(clone, ...AUTHOR, 'commit', '--quiet', '--message', `Edit ${version}`)
    history.record('ok', key)
  }
}
