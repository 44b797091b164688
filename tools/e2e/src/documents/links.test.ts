import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { hasTarget, LINK, withoutCode } from '../testing/documents/document-links.js'
import { ROOT } from '../testing/root.js'
import { git } from '../testing/workspace.js'

/** Every file that is or can be committed: a link to a generated file would be broken in a fresh checkout. */
const FILES = git(ROOT, 'ls-files', '--cached', '--others', '--exclude-standard').split('\n')
const DOCUMENTS = git(ROOT, 'ls-files', '--', '*.md', ':!:.changeset').split('\n')

const isCommitted = (path: string): boolean =>
  FILES.some((file) => file === path || file.startsWith(path === '.' ? '' : `${path.replace(/\/$/, '')}/`))

it.each(DOCUMENTS)('has no broken links: %s', (document) => {
  const text = withoutCode(readFileSync(join(ROOT, document), 'utf8'))
  const links = [...text.matchAll(LINK)].filter(([, path = '']) => !/^[a-z]+:/.test(path))
  const broken = links.filter(([, path = '', heading]) => {
    const target = path === '' ? document : join(dirname(document), path)
    return !isCommitted(target) || !hasTarget(ROOT, target, heading)
  })
  expect(broken.map(([whole]) => whole)).toEqual([])
})
