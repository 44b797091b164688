import { ACCOUNT_SETTINGS } from './account-settings.js'
import { BACKEND_SETTINGS } from './backend-settings.js'
import { DATA_SETTINGS } from './data-settings.js'
import type { Definition } from './definition.js'
import { SERVER_SETTINGS } from './server-settings.js'

/**
 * The one table of settings: the parser, the JSON Schema and `gitmsg config` are derived from it, and tests hold the
 * README and .env.example against it.
 */
const DEFINITIONS = { ...SERVER_SETTINGS, ...ACCOUNT_SETTINGS, ...DATA_SETTINGS, ...BACKEND_SETTINGS }

type Definitions = typeof DEFINITIONS

/** A setting with a definition of its own. */
export type DefinedSetting = keyof Definitions

/** The settings of a kind. */
export type SettingOf<Kind extends Definition['kind']> = {
  [Key in DefinedSetting]: Definitions[Key] extends { readonly kind: Kind } ? Key : never
}[DefinedSetting]

/** A value of a setting that has a choice of them. */
export type ChoiceOf<Key extends SettingOf<'choice'>> = Definitions[Key]['values'][number]

/** The type of a setting's default. */
export type DefaultOf<Key extends DefinedSetting> = Definitions[Key] extends {
  readonly default: infer Default
}
  ? Default
  : undefined

/** The setting that names a file with a secret. */
export type SecretFileOf<Key extends SettingOf<'secret'>> = `${Key}_FILE`

/** The name of a setting, which is that of its environment variable and of its key in the settings file. */
export type Setting = DefinedSetting | SecretFileOf<SettingOf<'secret'>>

/** The name of the setting for the file of a secret. */
export const secretFileOf = <Key extends SettingOf<'secret'>>(name: Key): SecretFileOf<Key> => `${name}_FILE`

/** Every setting with its definition, each secret followed by the setting for its file. */
export const SETTINGS: ReadonlyMap<Setting, Definition> = new Map(
  Object.entries(DEFINITIONS).flatMap(([key, definition]: [string, Definition]) => {
    const entry = [key as DefinedSetting, definition] as const
    if (definition.kind !== 'secret') return [entry]
    const means = `the file that holds \`${key}\``
    return [entry, [secretFileOf(key as SettingOf<'secret'>), { kind: 'text', means }] as const]
  }),
)

/** The settings that hold a secret. */
export const SECRETS: readonly SettingOf<'secret'>[] = [...SETTINGS].flatMap(([name, { kind }]) =>
  kind === 'secret' ? [name as SettingOf<'secret'>] : [],
)

/** The definition of a setting. */
export function definitionOf<Key extends DefinedSetting>(name: Key): Definitions[Key] {
  return DEFINITIONS[name]
}
