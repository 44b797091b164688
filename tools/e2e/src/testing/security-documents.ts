import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasTarget, LINK } from './document-links.js'
import { ROOT } from './root.js'

const FOLDER = join(ROOT, 'docs/security')

/**
 * Where the tests are of which a document says `server/http/messages`: in apps/server/src/http/messages.test.ts.
 * Those of a contract, which others run too, are in a file of that very name.
 */
const ROOMS: Readonly<Record<string, string>> = {
  server: 'apps/server/src',
  web: 'apps/web/src',
  e2e: 'tools/e2e/src',
  core: 'packages/core/src',
  store: 'packages/store/src',
  'git-sync': 'packages/git-sync/src',
}
const TEST = /`([\w-]+)\/([\w./-]+)`: (.+?)(?=; `|; \[|$)/g

/** A line of a table: the rows of a standard or list that it speaks of, and the text of each cell. */
export interface Entry {
  readonly rows: string
  readonly cells: readonly string[]
}

export const readDocument = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')

/** The lines of all tables under a heading. */
export function entriesUnder(heading: string, document: string): Entry[] {
  const [, section = ''] = document.split(`## ${heading}\n`)
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '))
  const entries = lines.map((line) => line.slice(2, -2).split(' | '))
  return entries
    .filter(([rows]) => /\d/.test(rows ?? ''))
    .map(([rows = '', ...cells]) => ({ rows: rows.trim(), cells }))
}

/** What a text calls to witness that is not there: tests by file and title, documents by link and heading. */
export function missingEvidence(text: string): string[] {
  const tests = [...text.matchAll(TEST)].filter(
    ([, room = '', path = '', title = '']) => !hasTest(room, path, title),
  )
  const links = [...text.matchAll(LINK)].filter(([, path = '', heading]) => !hasTarget(FOLDER, path, heading))
  return [...tests, ...links].map(([whole]) => whole)
}

/** How many witnesses a text calls. */
export const countEvidence = (text: string): number => [...text.matchAll(TEST), ...text.matchAll(LINK)].length

function hasTest(room: string, path: string, title: string): boolean {
  const name = path.endsWith('-contract') ? `${path}.ts` : `${path}.test.ts`
  const file = join(ROOT, ROOMS[room] ?? 'absent', name)
  if (!existsSync(file)) return false
  const literal = title.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll("'", "\\\\?'")
  return new RegExp(`\\(\\s*(['"\`])${literal}\\1`).test(readFileSync(file, 'utf8'))
}
