import type { FoundMessage, SearchQuery } from '@gitmsg/client'
import { type Command, Option } from 'commander'
import type { CommandContext, Paint } from '../command-context.js'
import { addPrintingCommand, type ClientFlags, createPrinter, withClient } from './client-command.js'
import { describeMessage, indentText } from './describe-message.js'
import { addFilters, MAX_PAGE } from './list-command.js'

interface SearchFlags extends ClientFlags, Omit<SearchQuery, 'q' | 'limit'> {
  readonly limit: number
}

const SYNTAX = `
A query is words that must all occur, "phrases", -words that must not occur, and a last word with *, of which only the
beginning must occur. Quote it for the shell: gitmsg search '"git push" -force rej*'`

/** Adds `gitmsg search`, with every filter of GET /search. */
export function addSearchCommand(program: Command, context: CommandContext): void {
  addFilters(addPrintingCommand(program, 'search'))
    .description('find the messages of a server by their words, newest first')
    .argument('<query...>', 'what to search for')
    .addOption(
      new Option('--sort <order>', 'relevance: the best of the newest 1,000 matches')
        .choices(['newest', 'relevance'])
        .default('newest'),
    )
    .addHelpText('after', SYNTAX)
    .action((words: string[], flags: SearchFlags) => runSearch(context, words.join(' '), flags))
}

async function runSearch(context: CommandContext, q: string, flags: SearchFlags): Promise<void> {
  const { limit, sender, topic, thread, since, until, before, sort } = flags
  const filters = { sender, topic, thread, since, until, before, sort }
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
  const printFound = createPrinter(context, flags, describeFound)
  await withClient(context, flags, async (client) => {
    let count = 0
    for await (const found of client.search({ q, limit: Math.min(limit, MAX_PAGE), ...given })) {
      count += 1
      if (!(await printFound(found)) || count === limit) return
    }
  })
}

/** Formats what was found for people, with the matches coloured. */
function describeFound({ message, snippet }: FoundMessage, paint: Paint): string {
  const parts = snippet.map(({ text, match }) =>
    match ? paint('yellow', indentText(text)) : indentText(text),
  )
  return describeMessage(message, paint, parts.join(''))
}
