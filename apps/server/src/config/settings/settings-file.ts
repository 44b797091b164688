import { evaluate, type MemberNode, parse } from '@humanwhocodes/momoa'
import type { Definition } from './definition.js'
import { SETTINGS, type Setting, type SettingOf, secretFileOf } from './settings.js'

/** Names the schema for editors. */
const SCHEMA_KEY = '$schema'
const MAX_SHOWN_LENGTH = 60
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about them
const CONTROL_CHARACTER = /[\0-\x1f\x7f]/

/** A value in the settings file. */
interface FileSetting {
  /** As it would be in the environment. */
  readonly text: string
  /** Counted from 1. */
  readonly line: number
}

/** What is in a settings file. */
export interface SettingsFile {
  readonly settings: ReadonlyMap<Setting, FileSetting>
  /** What is wrong with it, one sentence per problem; none quotes a value. */
  readonly problems: readonly string[]
}

/** Where a settings file is, and who can read it. */
export interface SettingsFileOptions {
  /** The path as problems show it. */
  readonly path: string
  /** Whether other users can read it, so that it must not hold secrets. */
  readonly isExposed: boolean
}

/** Parses a settings file: an object in JSON, whose keys are names of settings. */
export function parseSettingsFile(text: string, { path, isExposed }: SettingsFileOptions): SettingsFile {
  const settings = new Map<Setting, FileSetting>()
  const lines = new Map<Setting, number>()
  const problems: string[] = []

  function add(member: MemberNode): void {
    const { line } = member.loc.start
    const report = (problem: string) => problems.push(`${path}:${line}: ${problem}`)
    const key = keyOf(member)
    const value: unknown = evaluate(member.value)
    if (key === SCHEMA_KEY) {
      if (typeof value !== 'string') report(`${SCHEMA_KEY} must be a text`)
      return
    }
    const name = key as Setting
    const definition = SETTINGS.get(name)
    if (!definition || name === 'GITMSG_CONFIG') return void report(describeUnknown(key))
    const earlier = lines.get(name)
    if (earlier !== undefined) return void report(`${name} is also set on line ${earlier}: remove one`)
    lines.set(name, line)
    const expected = mismatch(definition, value)
    if (expected) return void report(`${name} must be ${expected}`)
    settings.set(name, { text: toText(value), line })
    if (definition.kind === 'secret' && isExposed) {
      const advice = `run chmod 600 on it, or use ${secretFileOf(name as SettingOf<'secret'>)}`
      report(`${name} must not be in a file that other users can read: ${advice}`)
    }
  }

  const members = readMembers(text)
  if (Array.isArray(members)) for (const member of members) add(member)
  else problems.push(`${path}${members.line ? `:${members.line}` : ''}: ${members.problem}`)
  return { settings, problems }
}

interface Unreadable {
  readonly problem: string
  readonly line?: number
}

function readMembers(text: string): MemberNode[] | Unreadable {
  try {
    const { body } = parse(text, { mode: 'json' })
    return body.type === 'Object' ? body.members : { problem: 'the file must hold an object' }
  } catch (error) {
    // The message quotes the text, which may be part of a secret.
    return { problem: 'the file is not valid JSON', line: (error as { line?: number }).line ?? 1 }
  }
}

const keyOf = ({ name }: MemberNode): string => (name.type === 'String' ? name.value : name.name)

/** Describes an unknown name, and the setting that was probably meant. */
function describeUnknown(key: string): string {
  if (key === 'GITMSG_CONFIG') return 'GITMSG_CONFIG can only be set in the environment'
  const shown = JSON.stringify(key.slice(0, MAX_SHOWN_LENGTH))
  const alike = [...SETTINGS.keys()].find((name) => name === key.toUpperCase())
  return `${shown} is not a setting${alike ? `: write ${alike}` : ''}`
}

/** Returns what a value must be instead, or `undefined` if its type is right. The rest is checked as for variables. */
function mismatch(definition: Definition, value: unknown): string | undefined {
  if (definition.kind === 'integer') return Number.isInteger(value) ? undefined : 'a whole number'
  if (definition.kind === 'choice') {
    if (definition.values.some((candidate) => candidate === value)) return undefined
    return `one of ${definition.values.map((candidate) => JSON.stringify(candidate)).join(', ')}`
  }
  if (definition.kind !== 'list') return isPlainText(value) ? undefined : 'a text that is not empty'
  const isList = Array.isArray(value) && value.every((entry) => isPlainText(entry) && !entry.includes(','))
  return isList ? undefined : 'a list of texts without commas'
}

/** No value of a setting has a control character. */
const isPlainText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && !CONTROL_CHARACTER.test(value)

const toText = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value))

/** A value as the settings file has it. The inverse of what a {@link FileSetting}'s text is. */
export function toFileValue(name: Setting, text: string): unknown {
  const { kind, values } = { values: [], ...(SETTINGS.get(name) as Definition) }
  if (kind === 'integer') return Number(text)
  if (kind === 'choice') return values.find((value: string | number) => String(value) === text)
  return kind === 'list' ? text.split(',').flatMap((entry) => entry.trim() || []) : text
}
