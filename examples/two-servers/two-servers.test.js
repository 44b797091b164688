import { expect, it } from 'vitest'
import { openFolder, run, runExample } from '../testing/run-example.js'

it("gives each server the other's message, under the same uid and commit", async () => {
  const folder = await openFolder()
  const [north, ...lines] = await runExample(folder, 'two-servers/main.js')
  const middle = lines.indexOf('south has')
  expect([north, middle]).toEqual(['north has', 2])
  const withoutId = (line) => line.replace(/^ +\d+ /, '')
  const norths = lines.slice(0, middle).map(withoutId).sort()
  expect(
    lines
      .slice(middle + 1)
      .map(withoutId)
      .sort(),
  ).toEqual(norths)

  const commits = await run(folder, 'git', '-C', 'data/shared.git', 'log', '--format=%H', 'main')
  expect(norths.map((line) => line.split(' ')[1]).sort()).toEqual(commits.sort())
  expect(norths.map((line) => line.split(' ')[2]).sort()).toEqual(['nora:', 'sam:'])
})
