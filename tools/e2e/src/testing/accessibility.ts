import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare global {
  var axe: { run(root: Document, options: object): Promise<AxeResults> } | undefined
}

async function findProblemsHere(page: Page): Promise<string[]> {
  // Evaluated, not added as an element: the content security policy of the page stays as it is.
  await page.evaluate(AXE)
  const { violations, passes } = await page.evaluate(
    () => globalThis.axe?.run(document, { resultTypes: ['violations'] }) as Promise<AxeResults>,
  )
  if (passes.length === 0) throw new Error('axe has checked nothing')
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    ...(overflow > 0 ? [`${overflow} px too wide`] : []),
  ]
}

/** A phone and a desktop, with both colour schemes. */
const SCREENS = [
  { width: 360, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
] as const

/** What is wrong with what the page shows: problems of accessibility, and content wider than the window. */
export async function findProblems(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const { width, colorScheme } of SCREENS) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const problems = await findProblemsHere(page)
    found.push(...problems.map((problem) => `${width} px, ${colorScheme}: ${problem}`))
  }
  return found
}
