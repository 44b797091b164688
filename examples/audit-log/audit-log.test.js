import { expect, it } from 'vitest'
import { openFolder, run, runExample } from '../testing/run-example.js'

it('decides again on what another writer wrote, and reports only what is new since the last run', async () => {
  const folder = await openFolder()
  const report = ['Ada sees 200.', 'ada sets connections to 100', 'bob sets connections to 200']
  expect(await runExample(folder, 'audit-log/main.js')).toEqual(report)
  expect(await runExample(folder, 'audit-log/main.js')).toEqual(report)

  const git = (...args) => run(folder, 'git', '-C', 'data/settings.git', ...args)
  expect(await git('log', '--format=%an', 'main')).toEqual(['bob', 'ada', 'bob', 'ada'])
  expect(await git('show', 'main:settings/connections.json')).toEqual(['200'])
})
