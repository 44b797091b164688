import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

export interface TestBrowser {
  readonly context: BrowserContext
  /** A page, with everything that went wrong in it: errors of scripts, the console and the content policy. */
  open(url: string): Promise<{ page: Page; problems: string[] }>
  [Symbol.asyncDispose](): Promise<void>
}

/** A Chromium with a profile of its own that asks nothing of the network; `rules` say where names lead. */
export async function openBrowser(executablePath: string, rules?: string): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'gitmsg-chromium-'))
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ]
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      ...quiet,
      ...(rules ? [`--host-resolver-rules=${rules}`] : []),
    ],
    viewport: { width: 1280, height: 900 },
  })
  return {
    context,
    async open(url) {
      const page = await context.newPage()
      const problems: string[] = []
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await page.goto(url)
      return { page, problems }
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}
