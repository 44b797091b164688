import type { Settings } from './read-settings.js'
import type { Definition } from './settings/definition.js'
import {
  type ChoiceOf,
  type DefaultOf,
  type DefinedSetting,
  definitionOf,
  type Setting,
  type SettingOf,
} from './settings/settings.js'

/** Reads single settings, and collects their problems so that all are reported together. */
export interface SettingsReader {
  /** What is wrong, one sentence per problem. */
  readonly problems: readonly string[]
  /** Reports a problem: a sentence that goes on after the setting's name. */
  report(name: Setting, problem: string): void
  /** Whether the setting has a value other than its default. An empty one counts as absent. */
  isSet(name: Setting): boolean
  /** The setting's value, else its default. */
  text<Key extends SettingOf<'text' | 'secret'>>(name: Key): string | DefaultOf<Key>
  /** The value of a setting that must not be empty, such as a token. */
  nonEmpty(name: Setting): string | undefined
  integer(name: SettingOf<'integer'>): number
  choice<Key extends SettingOf<'choice'>>(name: Key): ChoiceOf<Key> | DefaultOf<Key>
  /** The entries of a list, without empty ones. */
  list(name: SettingOf<'list'>): string[]
  /** Runs a check. The message of what it throws becomes the problem. */
  check(name: Setting, check: () => unknown): void
}

/** Creates a reader of `settings`, with the problems that they have already. */
export function createSettingsReader({ values, sources, problems: known }: Settings): SettingsReader {
  const problems = [...known]
  const given = (name: Setting) => values.get(name) || undefined
  const defaultOf = <Key extends DefinedSetting>(name: Key) => {
    const definition: Definition = definitionOf(name)
    return definition.default as DefaultOf<Key>
  }

  /** Adds a problem, with the place if that is in the settings file. */
  function add(name: Setting, problem: string): void {
    const source = sources.get(name)
    const place = typeof source === 'object' ? `${source.path}:${source.line}: ` : ''
    problems.push(`${place}${name}${problem}`)
  }

  const report = (name: Setting, problem: string) => add(name, ` ${problem}`)

  return {
    problems,
    report,
    isSet: (name) => given(name) !== undefined,
    text: (name) => given(name) ?? defaultOf(name),

    nonEmpty(name) {
      const value = values.get(name)
      if (value?.trim() !== '') return value
      report(name, 'is empty: set it to a value, or remove it')
      return undefined
    },

    integer(name) {
      const { default: fallback, min, max } = definitionOf(name)
      const value = given(name)
      if (value === undefined) return fallback
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
      if (number >= min && number <= max) return number
      report(name, `must be a whole number from ${min} to ${max}`)
      return fallback
    },

    choice<Key extends SettingOf<'choice'>>(name: Key) {
      const choices: readonly ChoiceOf<Key>[] = definitionOf(name).values
      const text = given(name)
      if (text === undefined) return defaultOf(name)
      const choice = choices.find((candidate) => String(candidate) === text)
      if (choice === undefined) report(name, `must be one of ${choices.join(', ')}`)
      return choice ?? defaultOf(name)
    },

    list: (name) => (given(name) ?? '').split(',').flatMap((entry) => entry.trim() || []),

    check(name, check) {
      try {
        check()
      } catch (error) {
        add(name, `: ${error instanceof Error ? error.message : 'the value is not valid'}`)
      }
    },
  }
}
