import type { Settings } from './read-settings.js'
import type { RateLimit, ServerConfig } from './server-config.js'
import { SETTINGS, type Setting, type SettingOf, secretFileOf } from './settings/settings.js'
import { toFileValue } from './settings/settings-file.js'

/** A setting as `gitmsg config` prints it. */
export interface DescribedSetting {
  readonly name: Setting
  /** As in the settings file; `null`: none; `(set)`: a secret. */
  readonly value: unknown
  readonly source: 'default' | 'file' | 'environment'
  /** Of the settings file. */
  readonly line?: number
}

const HIDDEN = '(set)'

/** Lists every setting with the value in force, without secrets. `config` is what was parsed from `settings`. */
export function describeSettings({ values, sources }: Settings, config: ServerConfig): DescribedSetting[] {
  const derived = new Map(Object.entries(derivedValues(config)))
  return [...SETTINGS].map(([name, { kind, default: fallback }]) => {
    const isSecret = kind === 'secret'
    const candidates = isSecret ? [name, secretFileOf(name as SettingOf<'secret'>)] : [name]
    const given = candidates.find((candidate) => values.get(candidate))
    if (!given) return { name, value: derived.get(name) ?? fallback ?? null, source: 'default' }
    const value = isSecret ? HIDDEN : toFileValue(name, values.get(name) ?? '')
    const source = sources.get(given)
    return typeof source === 'object'
      ? { name, value, source: 'file', line: source.line }
      : { name, value, source: 'environment' }
  })
}

/** What is in force where that depends on other settings. */
function derivedValues({ backend, access }: ServerConfig): Partial<Record<Setting, string | null>> {
  return {
    GITMSG_BACKEND: backend.kind,
    GITMSG_RATE_LIMIT: describeRateLimit(access.rateLimit),
    ...(backend.kind === 'local' && { GITMSG_REMOTE: backend.remote }),
  }
}

const describeRateLimit = (limit: RateLimit | null): string =>
  limit ? `${limit.requests}/${limit.seconds}s` : 'off'
