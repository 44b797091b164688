import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** One Markdown file of the repository. */
interface Page {
  /** From the root of the repository, e.g. `packages/core/README.md`. */
  readonly path: string
  /** Its first heading. */
  readonly title: string
  /** The paragraph below the first heading, as Markdown; empty if something else is there. */
  readonly summary: string
  /** Its address from the root of the site, e.g. `packages/core/`. */
  readonly address: string
}

/** Pages under one heading of the menu. */
export interface Section {
  readonly title: string
  readonly pages: readonly Page[]
}

/** The menu in its order. A page is in the first section with a pattern that matches, in the order of the patterns. */
const SECTIONS: readonly (readonly [title: string, ...patterns: RegExp[]])[] = [
  ['Start', /^README\.md$/, /^docs\/README\.md$/],
  ['Guides', /^docs\/guides\//],
  ['Libraries', /^packages\/[^/]+\/README\.md$/],
  ['Promises', /^docs\/(versions|performance|reliability)\.md$/],
  ['Server', /^apps\//, /^docs\/deploy\.md$/, /^docs\/[^/]+\.md$/],
  ['Security', /^SECURITY\.md$/, /^docs\/security\//],
  ['Examples', /^examples\/README\.md$/, /^examples\//],
  ['Development', /^(ARCHITECTURE|CONTRIBUTING)\.md$/],
  ['Decisions', /^docs\/decisions\/README\.md$/, /^docs\/decisions\//],
  ['API reference', /^docs\/api\//],
]

/** Files that are no pages: histories, reports for reviewers, and what is only about test data. */
const OTHER_FILES = /(^|\/)(\.|CHANGELOG\.md$)|\.api\.md$|\/testing\//

/** All pages. The API reference is there once `npm run api` or `npm run site` has generated it. */
export function readSections(): Section[] {
  const paths = markdownFiles().filter((path) => !OTHER_FILES.test(path))
  const placed = paths.map((path) => ({ path, ...placeOf(path) }))
  return SECTIONS.map(([title], section) => ({
    title,
    pages: placed
      .filter((place) => place.section === section)
      .sort((one, other) => one.rank - other.rank || one.path.localeCompare(other.path, 'en'))
      .map(({ path }) => readPage(path)),
  }))
}

/** The address of a page: a README is the index of its folder. */
const addressOf = (path: string): string => path.replace(/README\.md$/, '').replace(/\.md$/, '.html')

function markdownFiles(): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md']
  const committed = execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
  const reference = join(ROOT, 'docs/api')
  const generated = existsSync(reference) ? readdirSync(reference).map((name) => `docs/api/${name}`) : []
  return [...committed.filter((path) => existsSync(join(ROOT, path))), ...generated]
}

function placeOf(path: string): { section: number; rank: number } {
  for (const [section, [, ...patterns]] of SECTIONS.entries()) {
    const rank = patterns.findIndex((pattern) => pattern.test(path))
    if (rank !== -1) return { section, rank }
  }
  throw new Error(`${path} is in no section of the site: see tools/site/src/pages.ts`)
}

function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const [, title = path] = /^# (.*)$/m.exec(text) ?? []
  const [, summary = ''] = /^# .*\n\n(\w[^\n]*)$/m.exec(text) ?? []
  return { path, title, summary, address: addressOf(path) }
}
