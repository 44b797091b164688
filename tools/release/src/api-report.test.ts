import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reportOnApi } from './api-report.js'
import { publishedEntries } from './published-packages.js'

const folder = mkdtempSync(join(tmpdir(), 'gitmsg-api-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(reportOnApi(publishedEntries(), folder))(
  '$entry.specifier',
  ({ entry, text, undocumented, unreachable }) => {
    it('offers what its API report says; `npm run api` writes it anew', async () => {
      await expect(text).toMatchFileSnapshot(join(entry.folder, 'api', `${entry.fileName}.api.md`))
    })

    it('describes every name and every member that it offers', () => {
      expect(undocumented).toEqual([])
    })

    it('names no type that cannot be imported', () => {
      expect(unreachable).toEqual([])
    })
  },
)
