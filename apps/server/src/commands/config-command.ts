import * as files from 'node:fs'
import type { Command } from 'commander'
import { type DescribedSetting, describeSettings } from '../config/describe-settings.js'
import { readSettings } from '../config/read-settings.js'
import { escapeControls } from '../log/redact.js'
import { type CommandContext, type JsonFlag, jsonLine, type Paint } from './command-context.js'

/** Adds `gitmsg config`. */
export function addConfigCommand(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('check the settings, and print those in force and where each is from, without secrets')
    .option('--json', 'print JSON: a line for each setting')
    .action((flags: JsonFlag) => runConfig(context, flags))
}

async function runConfig(
  { environment, readConfig, print, paint }: CommandContext,
  { json = false }: JsonFlag,
): Promise<void> {
  const config = await readConfig()
  const settings = describeSettings(readSettings(environment, files), config)
  const lines = settings.map((setting) => (json ? jsonLine(setting) : describeSetting(setting, paint)))
  await print(lines.join(''))
}

/** Formats a setting for people, in columns. */
export function describeSetting({ name, value, source, line }: DescribedSetting, paint: Paint): string {
  const text = Array.isArray(value) ? value.join(',') : String(value ?? '-')
  const place = line === undefined ? source : `${source}, line ${line}`
  const shown = escapeControls(text).padEnd(30)
  const painted = source === 'default' ? paint('dim', shown) : shown
  return `${name.padEnd(32)} ${painted} ${paint('dim', place)}\n`
}
