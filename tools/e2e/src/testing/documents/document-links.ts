import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A Markdown link: its path and its heading. */
export const LINK = /\[[^\]]*\]\(([^)#\s]*)(?:#([^)]*))?\)/g

/** Whether a path exists and, if there is a heading, whether the file has it. */
export function hasTarget(folder: string, path: string, heading: string | undefined): boolean {
  const file = join(folder, path)
  if (!existsSync(file)) return false
  if (heading === undefined) return true
  return statSync(file).isFile() && headingsOf(readFileSync(file, 'utf8')).has(heading)
}

/** The fragments of a page's headings and anchors; that of a heading's second occurrence ends in `-1`. */
function headingsOf(text: string): Set<string> {
  const names = new Set([...text.matchAll(/<a id="(.*?)">/g)].map(([, id = '']) => id))
  for (const [, heading = ''] of withoutCode(text).matchAll(/^#+ (.*)$/gm)) {
    const name = slug(heading)
    let unique = name
    for (let number = 1; names.has(unique); number += 1) unique = `${name}-${number}`
    names.add(unique)
  }
  return names
}

/** A page without its fenced blocks, in which nothing is a heading or a link. */
export const withoutCode = (text: string): string => text.replaceAll(/^```(?:.*\n)*?```$/gm, '')

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')
