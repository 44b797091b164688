import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reportOnApi } from './api-report.js'
import { publishedEntries } from './published-packages.js'

const folder = mkdtempSync(join(tmpdir(), 'gitmsg-api-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(reportOnApi(publishedEntries(), folder))(
  'the public API of $entry.specifier',
  ({ entry, text, undocumented, unreachable }) => {
    it('matches its API report, which `npm run api` updates', async () => {
      await expect(text).toMatchFileSnapshot(join(entry.folder, 'api', `${entry.fileName}.api.md`))
    })

    it('has a docstring for every name and every member', () => {
      expect(undocumented).toEqual([])
    })

    it('uses no type that cannot be imported', () => {
      expect(unreachable).toEqual([])
    })
  },
)
