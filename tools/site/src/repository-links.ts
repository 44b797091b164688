import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { ROOT } from './pages.js'

/** Where a link to a file that is no page leads. */
export const REPOSITORY = 'https://github.com/gitmsg/gitmsg'

/** Rewrites the links in Markdown files, which lead to other files of the repository, for the site. */
export function linkWithinRepository(markdown: MarkdownRenderer, pages: ReadonlySet<string>): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null
      if (href) token.attrSet('href', siteLink(href, relative(ROOT, env.path), pages))
    }
  })
}

/** Where a link on a page leads to on the site. A link to a file that does not exist stays, and fails the build. */
export function siteLink(href: string, page: string, pages: ReadonlySet<string>): string {
  const [path = '', heading] = href.split('#')
  if (path === '' || /^[a-z]+:/.test(path)) return href
  const target = join(dirname(page), decodeURI(path)).replace(/\/$/, '')
  const fragment = heading === undefined ? '' : `#${heading}`
  const readme = join(target, 'README.md')
  if (pages.has(target)) return toIndex(path) + fragment
  if (pages.has(readme)) return toIndex(`${path.replace(/\/$/, '')}/README.md`) + fragment
  if (!existsSync(join(ROOT, target))) return href
  const kind = statSync(join(ROOT, target)).isDirectory() ? 'tree' : 'blob'
  return `${REPOSITORY}/${kind}/main/${target}${fragment}`
}

/** A README becomes the index of its folder. */
export const toIndex = (path: string): string => path.replace(/(^|\/)README\.md$/, '$1index.md')

/** The fragment of a heading, as GitHub makes it. */
export const slugify = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}_ -]/gu, '')
    .replaceAll(' ', '-')
