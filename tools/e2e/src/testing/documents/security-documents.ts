import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../root.js'
import { hasTarget, LINK } from './document-links.js'

const FOLDER = join(ROOT, 'docs/security')
/** Test files and the contract suites, which are ordinary sources that test files call. */
const TESTS = /\/src\/.*(?:\.test|-contract(?:\/[^/]+)?)\.ts$/
const PARENTS = ['packages', 'apps', 'tools']
/** The comment right above a test that names the rows it covers; long ones have several lines. */
const COVERS = /^ *\/\/ Covers (.+)\n(?=( *)(?:\/\/ Covers|it\b|describe\b))/gm

/** A line of a table: the rows it is about and its other cells. */
export interface Entry {
  readonly rows: string
  readonly cells: readonly string[]
}

/** Reads a file of docs/security. */
export const readDocument = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')

/** The lines of all tables under a heading. */
export function entriesUnder(heading: string, document: string): Entry[] {
  const [, section = ''] = document.split(`## ${heading}\n`)
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '))
  const entries = lines.map((line) => line.slice(2, -2).split(' | '))
  return entries
    .filter(([rows]) => /\d/.test(rows ?? ''))
    .map(([rows = '', ...cells]) => ({ rows: rows.trim(), cells }))
}

/** Every row in a "Covers" comment, with repetitions. */
export function coveredRows(): string[] {
  return testFiles()
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(COVERS)].flatMap(([, rows = '']) => rows.split(/, ?/)),
    )
    .filter((row) => row !== '')
}

/** The number of "Covers" comments: all of them, and those right above a test. */
export function countCoverComments(): { all: number; aboveATest: number } {
  const texts = testFiles().map((file) => readFileSync(file, 'utf8'))
  const count = (pattern: RegExp) => texts.reduce((sum, text) => sum + [...text.matchAll(pattern)].length, 0)
  return { all: count(/^ *\/\/ Covers /gm), aboveATest: count(COVERS) }
}

function testFiles(): string[] {
  return PARENTS.flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name, 'src')),
  )
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => TESTS.test(path))
}

/** All links in a text, and those whose target does not exist. */
export function linksIn(text: string): { links: string[]; broken: string[] } {
  const found = [...text.matchAll(LINK)]
  const broken = found.filter(([, path = '', heading]) => !hasTarget(FOLDER, path, heading))
  return { links: found.map(([whole]) => whole), broken: broken.map(([whole]) => whole) }
}
