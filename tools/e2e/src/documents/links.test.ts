import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { hasTarget, LINK, withoutCode } from '../testing/document-links.js'
import { ROOT } from '../testing/root.js'
import { git } from '../testing/workspace.js'

const documents = git(ROOT, 'ls-files', '--', '*.md', ':!:.changeset').split('\n')

it.each(documents)('%s leads nowhere that is not there', (document) => {
  const text = withoutCode(readFileSync(join(ROOT, document), 'utf8'))
  const links = [...text.matchAll(LINK)].filter(([, path = '']) => !/^[a-z]+:/.test(path))
  const folder = dirname(join(ROOT, document))
  const broken = links.filter(([, path = '', heading]) => {
    return path === '' ? !hasTarget(ROOT, document, heading) : !hasTarget(folder, path, heading)
  })
  expect(broken.map(([whole]) => whole)).toEqual([])
})
