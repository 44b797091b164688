import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, type Section } from './pages.js'

/**
 * The site for language models (https://llmstxt.org): a list of all pages, which lead to their Markdown.
 *
 * @param url where the site is published
 */
function llmsText(sections: readonly Section[], url: string): string {
  const [home] = sections.flatMap(({ pages }) => pages)
  const lists = sections
    .filter(({ pages }) => pages.length > 0)
    .map(({ title, pages }) => {
      const items = pages.map((page) => {
        const about = page.summary === '' ? '' : `: ${firstSentence(page.summary)}`
        return `- [${page.title}](${new URL(page.path, url)})${about}\n`
      })
      return `## ${title}\n\n${items.join('')}`
    })
  return `# ${home?.title}\n\n> ${home?.summary}\n\n${lists.join('\n')}`
}

/** Writes `llms.txt`, and the Markdown of each page at its path in the repository. */
export function publishMarkdown(sections: readonly Section[], url: string, folder: string): void {
  writeFileSync(join(folder, 'llms.txt'), llmsText(sections, url))
  for (const { path } of sections.flatMap(({ pages }) => pages)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(ROOT, path), join(folder, path))
  }
}

/** Without links, which are relative to the page. */
const firstSentence = (text: string): string =>
  (/^.*?[.:](?= |$)/.exec(text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'))?.[0] ?? text).replace(/:$/, '.')
