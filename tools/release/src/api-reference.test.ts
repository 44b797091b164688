import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { referTo } from './api-reference.js'
import { publishedEntries, ROOT } from './published-packages.js'

const folder = mkdtempSync(join(tmpdir(), 'gitmsg-reference-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(await referTo(publishedEntries(), folder))('$entry.specifier', ({ entry, text }) => {
  it('is described in docs/api as its docstrings say; `npm run api` writes it anew', async () => {
    await expect(text).toMatchFileSnapshot(join(ROOT, 'docs/api', `${entry.fileName}.md`))
  })
})
