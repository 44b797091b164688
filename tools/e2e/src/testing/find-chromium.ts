import { accessSync, constants } from 'node:fs'

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * The browser to test with: `CHROMIUM_PATH`, then the usual places. Without one the browser tests are
 * skipped, and this says so; under CI its absence is an error.
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
