import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Finds the browser for the tests: `CHROMIUM_PATH`, then the usual places. Without one it prints a warning and returns
 * `null`, so that the browser tests are skipped; under CI it throws.
 */
export function findChromium(): string | null {
  const { CHROMIUM_PATH, CI } = process.env
  const found = (CHROMIUM_PATH ? [CHROMIUM_PATH] : USUAL_PLACES).find(isExecutable)
  if (found) return found
  const missing = 'No Chromium was found: install one, or set CHROMIUM_PATH.'
  if (CI === 'true') throw new Error(missing)
  process.stderr.write(`\n*** ${missing} THE BROWSER TESTS ARE SKIPPED. ***\n\n`)
  return null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A browser for one test file or test. */
export interface TestBrowser {
  readonly context: BrowserContext
  /** Opens a page and collects its problems: errors of scripts, the console and the content security policy. */
  open(url: string): Promise<{ page: Page; problems: string[] }>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts Chromium with a new profile and without background network requests.
 *
 * @param options.rules resolution of host names, as in `--host-resolver-rules`
 * @param options.trustedKey the digest of a certificate's key to trust, as in `--ignore-certificate-errors-spki-list`
 */
export async function openBrowser(
  executablePath: string,
  { rules, trustedKey }: { rules?: string; trustedKey?: string } = {},
): Promise<TestBrowser> {
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
      ...(trustedKey ? [`--ignore-certificate-errors-spki-list=${trustedKey}`] : []),
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
