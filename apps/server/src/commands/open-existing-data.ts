import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger } from '../create-logger.js'
import { DATABASE_FILE, type OpenData, openData } from '../open-data.js'
import type { CommandContext } from './command-context.js'

/**
 * Opens what a server left, or is using.
 *
 * @throws {Error} where there is no database yet; it is not made
 */
export async function openExistingData(
  { environment, readConfig }: CommandContext,
  { besideServer = false } = {},
): Promise<OpenData> {
  const config = readConfig()
  if (!lstatSync(join(config.dataDirectory, DATABASE_FILE), { throwIfNoEntry: false })) {
    throw new Error(`${config.dataDirectory} has no ${DATABASE_FILE}: nothing was ever served from there`)
  }
  return openData(config, environment, { logger: createLogger('silent'), besideServer })
}
