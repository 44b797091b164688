import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { writeApiReference } from './api-reference.js'
import { publishedEntries } from './published-packages.js'

const folder = inject('referenceFolder')

beforeAll(() => writeApiReference(publishedEntries(), folder))

/** Every name in the export lists of an entry's declarations. */
function exportedNames(declarations: string): string[] {
  const lists = readFileSync(declarations, 'utf8').matchAll(/^export \{(.*?)\}/gms)
  const items = [...lists].flatMap(([, list = '']) => list.split(','))
  return items.map((item) => item.trim().split(' ').at(-1) ?? '').filter((name) => name !== '')
}

describe('the API reference', () => {
  it.each(publishedEntries())('has every exported name of $specifier', (entry) => {
    const page = readFileSync(join(folder, `${entry.fileName}.md`), 'utf8')
    expect(page).toMatch(`# ${entry.specifier}\n`)
    const names = exportedNames(entry.declarations)
    expect(names).not.toEqual([])
    expect(names.filter((name) => !page.includes(name))).toEqual([])
  })
})
